import { closeSync, existsSync, fstatSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { requireAbilities } from "../abilities/index.js";
import type { StoredRun, TraceEntry } from "../record/index.js";
import {
  comesInOtherRuns,
  maxTailCharacters,
  type ReplayCounts,
  type ReplayOptions,
  type ReplayOutcome,
  type ReplaySettings,
  type Replays,
  recordedConfig,
} from "../replay/index.js";
import { NmzError } from "../util/index.js";
import { inspectProc } from "./inspect-proc.js";
import { commandOf } from "./stored-request.js";

/**
 * Ready to repeat the run of a command (`nmz inspectors proc -- COMMAND`): in the same folder, with the same environment. Throws
 * NMZ_RUN_NOT_REPEATABLE, and what the machine lacks.
 */
export async function openCommandReplays(run: StoredRun, options: ReplayOptions): Promise<Replays> {
  const { cwd } = commandOf(run);
  if (!existsSync(cwd)) {
    const message = `the run in ${run.folder} cannot be repeated: its folder ${cwd} is gone`;
    throw new NmzError("NMZ_RUN_NOT_REPEATABLE", message, { hint: `mkdir -p ${cwd}, with what was in it` });
  }
  await requireAbilities(new Set(["proc"]), "`nmz doctor` shows the whole table");
  const settings = { comesAgain: comesInOtherRuns(run) };
  return { once: (entries) => replayOnce(run, entries, settings, options) };
}

async function replayOnce(
  run: StoredRun,
  entries: Iterable<TraceEntry>,
  settings: ReplaySettings,
  { io, signal, outDir, isQuiet = false, isInteractive = false }: ReplayOptions,
): Promise<ReplayOutcome> {
  checkInterrupted(signal);
  const { words, cwd, env, entity, watchIntervalMs } = commandOf(run);
  let counts: ReplayCounts = { replayed: 0, byPlace: 0, recorded: 0 };
  const onEnd = (ended: ReplayCounts): void => {
    counts = ended;
  };
  const result = run.result!; // commandOf has seen that it is there
  const streams = new ReplayStreams(isQuiet, isInteractive);
  try {
    const exitCode = await inspectProc(
      {
        wire: {
          ...{ orchestratorUrl: "local://", token: undefined, autopilotFile: undefined },
          ...{ seed: result.seed, outDir },
          recorded: recordedConfig(result, entries, { ...settings, onEnd }),
        },
        ...{ entity, watchIntervalMs, clockOffset: undefined }, // the recorded config has it
        target: {
          ...{ kind: "command", words, cwd, env, signal, streams: streams.descriptors },
          ...{ stdoutFile: undefined, stderrFile: undefined },
        },
      },
      isQuiet ? { ...io, stderr: silence() } : io,
    );
    checkInterrupted(signal);
    return { exitCode, output: streams.written(), ...counts };
  } finally {
    streams.close();
  }
}

/** Where a repetition's output goes: to a file that has no name when it is not shown, so that its end can be read. */
class ReplayStreams {
  readonly descriptors: readonly [stdin: number, stdout: number, stderr: number];
  readonly #output: number | undefined;
  readonly #nothing: number | undefined;

  constructor(isQuiet: boolean, isInteractive: boolean) {
    this.#output = isQuiet ? namelessFile() : undefined;
    this.#nothing = isInteractive ? undefined : openSync("/dev/null", "r");
    this.descriptors = [this.#nothing ?? 0, this.#output ?? 1, this.#output ?? 2];
  }

  /** The last of it; nothing of what was shown. */
  written(): string {
    if (this.#output === undefined) return "";
    const { size } = fstatSync(this.#output);
    const tail = Buffer.alloc(Math.min(size, maxTailCharacters));
    const count = readSync(this.#output, tail, 0, tail.length, size - tail.length);
    return tail.toString("utf8", 0, count);
  }

  close(): void {
    for (const fd of [this.#output, this.#nothing]) if (fd !== undefined) closeSync(fd);
  }
}

function namelessFile(): number {
  const folder = mkdtempSync(join(tmpdir(), "nmz-replay-"));
  try {
    return openSync(join(folder, "output"), "w+", 0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function silence(): NodeJS.WriteStream {
  return new Writable({ write: (_chunk, _encoding, done) => done() }) as unknown as NodeJS.WriteStream;
}

function checkInterrupted(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new NmzError("NMZ_INTERRUPTED", `interrupted by ${String(signal.reason)}`);
}
