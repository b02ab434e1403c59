import { Worker } from "node:worker_threads";
import type { Policy, PolicyEntry } from "../policy/index.js";
import { messageOf } from "../util/index.js";

const tickMs = 500;
const shortestBoundMs = 3000;
const defaultBoundMs = 10_000;

/** Where a run's lines are kept when nobody reads our stderr: `<time> <run> <line>`. */
export interface RunLog {
  readonly file: string;
  readonly runId: string;
}

/**
 * The same policy, watched by a thread of its own while it lives. A policy that loops for ever stops the thread that it
 * runs in: no event is answered, and no signal is heard. Nothing in that thread can help, and an interrupted call into JavaScript takes
 * Node with it; so the other thread says what happened and ends the process. Packets pass then (the queue's rule lets
 * them when nobody listens), and the journal has what `nmzc prune` undoes.
 */
export function watched(entry: PolicyEntry, log?: RunLog): PolicyEntry {
  return {
    ...entry,
    create: (values, context): Policy => {
      const policy = entry.create(values, context);
      const stop = watch(policy, log, (error) =>
        context.log(`an endless loop in it would not be noticed: ${messageOf(error)}`),
      );
      const { name, answerWithinMs } = policy;
      // Its methods may be those of a class, and see nothing without it.
      return {
        name,
        ...(answerWithinMs === undefined ? {} : { answerWithinMs }),
        onEvent: (event) => policy.onEvent(event),
        close: async () => {
          try {
            await policy.close?.();
          } finally {
            await stop();
          }
        },
      };
    },
  };
}

function watch(
  { name, answerWithinMs = defaultBoundMs }: Policy,
  log: RunLog | undefined,
  onUnwatched: (error: unknown) => void,
): () => Promise<unknown> {
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const heart = setInterval(() => Atomics.add(beats, 0, 1), tickMs / 2).unref();
  const boundMs = Math.max(shortestBoundMs, answerWithinMs);
  const line = `policy "${name}" has blocked everything for ${boundMs / 1000} s, as an endless loop does: ending; \`nmzc prune\` removes what is left`;
  const workerData = { beats, tickMs, maxSilentTicks: Math.ceil(boundMs / tickMs), line, log };
  const worker = new Worker(`(${endWhenSilent})(require)`, {
    eval: true,
    execArgv: [], // flags of ours may make a module of the text, and a module has no require
    workerData,
  });
  worker.on("error", onUnwatched);
  worker.unref();
  return () => {
    clearInterval(heart);
    return worker.terminate();
  };
}

/** What the thread runs: it is handed over as text, so it uses nothing from around it. */
function endWhenSilent(load: NodeJS.Require): void {
  const { appendFileSync, writeSync } = load("node:fs") as typeof import("node:fs");
  const { workerData } = load("node:worker_threads") as typeof import("node:worker_threads");
  const { beats, tickMs, maxSilentTicks, line, log } = workerData;
  let lastBeat = Atomics.load(beats, 0);
  let silentTicks = 0;
  // Ticks are counted, not time: while the whole process is stopped, nobody is silent.
  setInterval(() => {
    const beat = Atomics.load(beats, 0);
    silentTicks = beat === lastBeat ? silentTicks + 1 : 0;
    lastBeat = beat;
    if (silentTicks < maxSilentTicks) return;
    try {
      if (log !== undefined) {
        const text = `${new Date().toISOString()} ${log.runId} ${line}\n`;
        appendFileSync(log.file, text, { mode: 0o600 });
      }
      writeSync(2, `nmz: ${line}\n`);
    } finally {
      process.kill(process.pid, "SIGKILL");
    }
  }, tickMs);
}
