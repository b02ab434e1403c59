import type { RecordedDecision } from "../../../src/record/index.js";
import type { Trial } from "../../../src/replay/index.js";
import { hashText, KeyedRandom } from "../../../src/util/index.js";

/** The index-th packet of one of three connections. */
export function packetDecision(index: number, delayMs = 10 + (index % 7) * 11.125): RecordedDecision {
  const port = 80 + (index % 3);
  return {
    entity: "net",
    hint: `tcp:output:local>10.0.0.3:${port}:data:${index}`,
    n: 1,
    event: "PacketEvent",
    delayMs,
    arrivedMs: index * 5,
    atMs: index * 5 + delayMs,
    about: { src: "entity-10.0.0.2:40123", dst: `entity-10.0.0.3:${port}`, length: 100 },
  };
}

export function fileDecision(index: number, delayMs = 300): RecordedDecision {
  return {
    entity: "fs",
    hint: "pre-fsync:log.1",
    n: index,
    event: "FilesystemEvent",
    delayMs,
    arrivedMs: index * 7,
    atMs: index * 7 + delayMs,
    about: { op: "pre-fsync", path: "log.1" },
  };
}

/** Fails at `rate` when all of the causes are there, and at `background` otherwise; `late` says when a cause counts. */
export function workload(options: {
  readonly seed: string | number;
  readonly causes: readonly RecordedDecision[];
  readonly rate: number;
  readonly background: number;
  readonly counts?: (decision: RecordedDecision, cause: RecordedDecision) => boolean;
}): Trial {
  const random = new KeyedRandom(hashText(`workload ${options.seed}`));
  const { counts = () => true } = options;
  return async (decisions) => {
    const isCaused = options.causes.every((cause) =>
      decisions.some((one) => one.hint === cause.hint && one.n === cause.n && counts(one, cause)),
    );
    return { failed: random.next() < (isCaused ? options.rate : options.background) };
  };
}
