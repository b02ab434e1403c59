import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import type { Inspector } from "../../../src/inspector/index.js";
import {
  type PrepareProcInspectorOptions,
  type ProcTarget,
  prepareProcInspector,
} from "../../../src/inspector/proc/index.js";
import { Orchestrator } from "../../../src/orchestrator/index.js";
import { createPolicy } from "../../../src/policy/index.js";
import { LocalTransceiver } from "../../../src/transceiver/index.js";
import { UndoStack } from "../../../src/util/index.js";

export interface Shaking {
  readonly inspector: Inspector;
  readonly undo: UndoStack;
  readonly errors: unknown[];
  stop(): Promise<void>;
}

/** The proc inspector on `target` with the policy `random` and the given proc policy. */
export async function shake(
  target: ProcTarget,
  procPolicy: "mild" | "extreme" | "dirichlet",
  options: Partial<PrepareProcInspectorOptions> = {},
  policyParams: Readonly<Record<string, unknown>> = {},
): Promise<Shaking> {
  const errors: unknown[] = [];
  const orchestrator = new Orchestrator({
    seed: "test",
    cpuCount: 2,
    createPolicy: (context) => createPolicy("random", { procPolicy, ...policyParams }, context),
    onError: (error) => errors.push(error),
  });
  const undo = new UndoStack();
  const prepared = await prepareProcInspector({
    watchIntervalMs: 60_000,
    entity: "test",
    transceiver: new LocalTransceiver(orchestrator),
    undo,
    needsRealtime: procPolicy === "extreme",
    onError: (error) => errors.push(error),
    ...options,
  });
  const inspector = await prepared.attach(target);
  return {
    inspector,
    undo,
    errors,
    stop: async () => {
      await inspector.stop();
      orchestrator.stop();
    },
  };
}

const run = promisify(execFile);

/** What `chrt -p` says of a thread, or undefined when it is gone: "SCHED_RR 5", "SCHED_DEADLINE|SCHED_RESET_ON_FORK 0". */
export async function chrt(tid: number): Promise<string | undefined> {
  try {
    const { stdout } = await run("chrt", ["-p", String(tid)]);
    const policy = /policy: (\S+)/.exec(stdout)?.[1];
    const priority = /priority: (\S+)/.exec(stdout)?.[1];
    return `${policy} ${priority}`;
  } catch {
    return undefined;
  }
}

export function chrtAll(tids: readonly number[]): Promise<(string | undefined)[]> {
  return Promise.all(tids.map(chrt));
}

/** The nice value of a thread (field 19 of its stat). */
export function niceOf(tid: number): number {
  const stat = readFileSync(`/proc/${tid}/stat`, "latin1");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16]);
}

/** Waits until `check` holds; says what it was about when it does not within `patienceMs`. */
export async function eventually(
  what: string,
  check: () => boolean | Promise<boolean>,
  patienceMs = 5000,
): Promise<void> {
  const until = performance.now() + patienceMs;
  while (!(await check())) {
    if (performance.now() > until) throw new Error(`not within ${patienceMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
