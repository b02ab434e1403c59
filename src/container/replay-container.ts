import { Writable } from "node:stream";
import type { Engine } from "../../runtime/engine/index.js";
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
import { printable } from "../util/index.js";
import { endContainer } from "./create-container.js";
import { checkInterrupted } from "./interruption.js";
import { sweepLeftovers } from "./leftovers.js";
import { openEngineForRuns } from "./open-engine.js";
import { ensureImage } from "./pull/index.js";
import { planWith } from "./run-plan.js";
import type { RunRequest } from "./run-request.js";
import type { RunSession } from "./run-session.js";
import { requestForReplay, requestOf } from "./stored-request.js";
import { connectStreams } from "./streams.js";
import { supervise } from "./supervise.js";
import { withVolumesByTarget } from "./volumes/volume-entity.js";

/**
 * Ready to repeat `run`: engine connected, machine checked, image there. Throws NMZ_RUN_NOT_REPEATABLE, and what `nmzc run`
 * throws before it makes anything.
 */
export async function openReplays(run: StoredRun, options: ReplayOptions): Promise<Replays> {
  const { isInteractive = false, outDir, io, signal } = options;
  const request = requestForReplay(requestOf(run), { isInteractive, outDir });
  const { inspectors } = planOf({ run, request, entries: [], settings: {} });
  const [engine] = await Promise.all([openEngineForRuns(), requireAbilities(inspectors)]);
  await sweepLeftovers(async () => engine);
  await ensureImage(engine, request.body.Image, {
    pull: request.pull,
    platform: request.platform,
    stderr: io.stderr,
    signal,
  });
  const settings = { comesAgain: comesInOtherRuns(run) };
  return { once: (entries) => replayOnce(engine, { run, request, entries, settings }, options) };
}

interface Repetition {
  readonly run: StoredRun;
  readonly request: RunRequest;
  /** What is to be decided in it. */
  readonly entries: Iterable<TraceEntry>;
  readonly settings: ReplaySettings;
}

async function replayOnce(
  engine: Engine,
  repetition: Repetition,
  { io, signal, isQuiet = false }: ReplayOptions,
): Promise<ReplayOutcome> {
  checkInterrupted(signal);
  let counts: ReplayCounts = { replayed: 0, byPlace: 0, recorded: 0 };
  const { request, settings } = repetition;
  const onEnd = (ended: ReplayCounts): void => {
    counts = ended;
  };
  const plan = planOf({ ...repetition, settings: { ...settings, onEnd } });
  const tail = new OutputTail();
  const shown = {
    ...io,
    stdout: tail.before(isQuiet ? undefined : io.stdout),
    stderr: tail.before(isQuiet ? undefined : io.stderr),
    supervisor: new URL(import.meta.url), // nothing runs in the background
  };
  let done: Promise<unknown> | undefined;
  let restore = (): void => {};
  let end = (): void => {};
  const session: RunSession = {
    async created(containerId) {
      const streams = await connectStreams(engine, containerId, request, shown, () => {});
      done = streams.done;
      done.catch(() => {});
      restore = () => streams.restore();
      end = () => void endContainer(engine, containerId, true).catch(() => {});
    },
    begins: () => signal.addEventListener("abort", end, { once: true }),
    started: () => {},
    async ended() {
      await done?.catch(() => {});
    },
    say: (line) => {
      if (!isQuiet) io.stderr.write(`nmzc: ${printable(line)}\n`);
    },
  };
  try {
    const exitCode = await supervise({ engine, plan, session, interrupted: signal });
    checkInterrupted(signal);
    return { exitCode, output: tail.text(), ...counts };
  } finally {
    signal.removeEventListener("abort", end);
    restore();
  }
}

function planOf({ run, request, entries, settings }: Repetition) {
  const result = run.result!; // requestOf has seen that it is there
  const known = withVolumesByTarget(entries, request.volumes);
  return planWith({ ...request, seed: result.seed }, recordedConfig(result, known, settings));
}

/** Keeps the last of what passes. */
class OutputTail {
  #text = "";

  text(): string {
    return this.#text.slice(-maxTailCharacters);
  }

  before(sink: NodeJS.WriteStream | undefined): NodeJS.WriteStream {
    const through = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.#text += chunk.toString();
        if (this.#text.length > 2 * maxTailCharacters) this.#text = this.text();
        if (sink === undefined) done();
        else sink.write(chunk, (error) => done(error));
      },
    });
    return through as unknown as NodeJS.WriteStream;
  }
}
