import type { RecordedDecision } from "../../../src/record/index.js";
import type { KnownRun } from "../../../src/replay/index.js";
import { hashText, KeyedRandom } from "../../../src/util/index.js";
import { packetDecision } from "./simulated-workload.js";

/** Runs of some packets, each of them late by up to 50 ms by chance; `fails` decides from what was late by how much, and from chance. */
export function storage(options: {
  readonly seed: string | number;
  readonly runs: number;
  readonly packets: number;
  readonly fails: (delaysMs: readonly number[], random: KeyedRandom) => boolean;
  readonly more?: (run: { index: number; failed: boolean }) => readonly RecordedDecision[];
}): readonly KnownRun[] {
  const random = new KeyedRandom(hashText(`storage ${options.seed}`));
  return Array.from({ length: options.runs }, (_, index) => {
    const delays = Array.from({ length: options.packets }, () => random.next() * 50);
    const failed = options.fails(delays, random);
    const decisions = [
      ...delays.map((delayMs, packet) => packetDecision(packet, delayMs)),
      ...(options.more?.({ index, failed }) ?? []),
    ].sort((a, b) => a.atMs - b.atMs);
    return { failed, decisions: () => decisions };
  });
}
