import { processStartTicks, wordsIntoTimeNamespace } from "../../runtime/kernel/index.js";
import { type ClockOffset, formatClockOffset, shiftsClocks } from "../config/index.js";
import { cpuShare, prepareProcInspector } from "../inspector/index.js";
import { NmzError } from "../util/index.js";
import { AnswerWatch } from "./proc/answer-watch.js";
import { endWhatIsLeft } from "./proc/end-what-is-left.js";
import { openShiftedClocks, refuseShiftedProcess } from "./proc/shifted-clocks.js";
import { startCommand } from "./proc/start-command.js";
import { untilTreeEnds } from "./proc/until-tree-ends.js";
import {
  type AttachedInspector,
  type InspectorRequest,
  type InspectorRun,
  type InspectorSession,
  runInspector,
  type StandaloneIo,
} from "./run-inspector.js";
import { storedRequest } from "./stored-request.js";
import type { WirePlan } from "./wire/index.js";

/** A command that is to be started, and where its output goes. */
export interface CommandRequest {
  readonly kind: "command";
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute; undefined: ours. */
  readonly stdoutFile: string | undefined;
  readonly stderrFile: string | undefined;
  /** Descriptors of ours for stdin, stdout and stderr, instead of 0, 1, 2 and the terminal. */
  readonly streams?: readonly [stdin: number, stdout: number, stderr: number];
  /** Given: whatever it leaves in its group is killed at its end. Aborted: it is killed. */
  readonly signal?: AbortSignal;
}

export interface ProcRequest extends InspectorRequest {
  readonly target: { readonly kind: "pid"; readonly pid: number } | CommandRequest;
  /** Between two redraws; undefined: the config's. */
  readonly watchIntervalMs: number | undefined;
  /** Of the command's clocks; undefined: the config's. */
  readonly clockOffset: ClockOffset | undefined;
}

/** `nmz inspectors proc`. The exit code is the command's. */
export function inspectProc(request: ProcRequest, io: StandaloneIo): Promise<number> {
  return runInspector({
    ...request,
    name: "proc",
    ...workloadOf(request),
    needs: new Set(["proc"]),
    io,
    settle: (plan) => withClockOffset(plan, request),
    attach: (session) => attach(request, session, io),
  });
}

function withClockOffset(plan: WirePlan, { clockOffset, target }: ProcRequest): WirePlan {
  const { loaded } = plan;
  const offset = clockOffset ?? loaded.autopilot.proc.clockOffset;
  if (target.kind === "pid" && shiftsClocks(offset)) throw refuseShiftedProcess(offset, target.pid);
  const autopilot = { ...loaded.autopilot, proc: { ...loaded.autopilot.proc, clockOffset: offset } };
  return { ...plan, loaded: { ...loaded, autopilot } };
}

function workloadOf(request: ProcRequest): Pick<InspectorRun, "workload"> {
  const { target } = request;
  if (target.kind !== "command") return {};
  return { workload: { command: target.words, repeat: storedRequest({ ...request, target }) } };
}

async function attach(
  { target, entity, watchIntervalMs }: ProcRequest,
  session: InspectorSession,
  io: StandaloneIo,
): Promise<AttachedInspector> {
  const { wire, undo, onError } = session;
  if (target.kind === "pid") requireLiving(target.pid);
  const { clockOffset } = wire.autopilot.proc;
  const clocks = shiftsClocks(clockOffset) ? await openShiftedClocks(clockOffset) : undefined;
  if (clocks !== undefined) undo.push("time namespace", () => clocks.close());
  const answers = new AnswerWatch(wire.transceiver);
  const prepared = await prepareProcInspector({
    watchIntervalMs: watchIntervalMs ?? wire.autopilot.container.procWatchIntervalMs,
    cpus: cpuShare(wire.autopilot.proc.cpus, wire.seed),
    needsRealtime: wire.mayUseRealtime,
    entity,
    transceiver: answers,
    undo,
    onError,
  });
  undo.push("threads of the inspector", () => prepared.dispose());
  session.interrupted.throwIfAborted();
  if (target.kind === "pid") {
    const inspector = await prepared.attach({ kind: "tree", pid: target.pid });
    return {
      inspector,
      watches: `shaking the threads of process ${target.pid} and its descendants`,
      untilEnd: () => untilTreeEnds(inspector),
    };
  }
  const through = clocks === undefined ? [] : wordsIntoTimeNamespace(clocks.path);
  const command = await startCommand({ ...target, through }, session, io);
  const inspector = await prepared.attach({ kind: "tree", pid: command.pid });
  if (!(await answers.first())) {
    session.warn(
      "nothing has scheduled the command yet (the policy leaves threads alone, or its orchestrator is slow or away): it starts with the attributes it has",
    );
  }
  const shifted =
    clocks === undefined
      ? ""
      : `, CLOCK_MONOTONIC and CLOCK_BOOTTIME shifted by ${formatClockOffset(clockOffset)}`;
  return {
    inspector,
    watches: `shaking the threads of ${target.words[0]} (process ${command.pid}) and its descendants${shifted}`,
    async untilEnd() {
      const exitCode = await command.run();
      // It is run again and again: a server that it left behind would be in the way of the next one.
      if (target.signal !== undefined) endWhatIsLeft(inspector);
      return exitCode;
    },
    hasOwnSignals: true,
  };
}

function requireLiving(pid: number): void {
  if (processStartTicks(pid) !== undefined) return;
  throw new NmzError("NMZ_PROC_PID", `there is no process ${pid}`, {
    exitCode: 1,
    hint: "pids are those of this process's own pid namespace: ps -e shows them",
  });
}
