import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Measured, type Measurement, ratioInTurn, rounds } from "./measurement.js";
import { QueuedNetns } from "./queued-netns.js";

// So small that no packet is lost, and drawn for each of them.
const drawing = { kind: "ours", minInterval: "0ms", maxInterval: "0ms", faultProbability: 1e-12 } as const;
const packets = 100_000;
const window = 256;

async function flood(netns: QueuedNetns): Promise<number> {
  const { got, per_second: perSecond } = await netns.run("flood", packets, window);
  if (got !== packets || perSecond === undefined) throw new Error(`${packets} packets sent, ${got} came`);
  return perSecond;
}

/** The share of the packets per second that recording costs: 0.1 is a tenth fewer. */
async function cost(roundCount: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "nmzc-bench-"));
  const recording = { ...drawing, traceFile: join(folder, "trace.jsonl") };
  try {
    return await QueuedNetns.both(drawing, recording, async (unrecorded, recorded) => {
      await flood(unrecorded);
      await flood(recorded);
      const { value, runs } = await ratioInTurn(
        roundCount,
        () => flood(recorded),
        () => flood(unrecorded),
      );
      return { value: 1 - value, runs: runs.map((ratio) => 1 - ratio) };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const traceMeasurements: readonly Measurement[] = [
  {
    key: "trace.cost",
    unit: "share",
    what: "packets/s lost to recording each packet, with a policy that draws for each",
    aim: { atMost: 0.1 },
    // A tenth is little beside what two floods differ by: it takes more of them than other figures do.
    measure: () => cost(rounds(21)),
  },
];
