import { type Measured, type Measurement, median, ratioInTurn, rounds } from "./measurement.js";
import type { InspectorFigures } from "./nfq-inspector.js";
import { QueuedNetns, type Server } from "./queued-netns.js";

const immediate: Server = { kind: "ours", minInterval: "0ms", maxInterval: "0ms" };
const packets = 100_000;
const window = 256;

/** One figure of `ours` over the same of `other`, in turn; the first of each warms up and does not count. */
async function compare(
  other: Server,
  roundCount: number,
  measure: (netns: QueuedNetns) => Promise<number>,
): Promise<Measured> {
  return QueuedNetns.both(immediate, other, async (a, b) => {
    await measure(a);
    await measure(b);
    return ratioInTurn(
      roundCount,
      () => measure(a),
      () => measure(b),
    );
  });
}

async function throughput(netns: QueuedNetns): Promise<number> {
  const { got, per_second: perSecond } = await netns.run("flood", packets, window);
  if (got !== packets || perSecond === undefined) throw new Error(`${packets} packets sent, ${got} came`);
  return perSecond;
}

async function roundTrip(netns: QueuedNetns): Promise<number> {
  const { p50_us: p50Us, lost } = await netns.run("pingpong", 10_000);
  if (lost !== 0 || p50Us === undefined) throw new Error(`${lost} round trips lost`);
  return p50Us;
}

async function held(): Promise<number> {
  const netns = await QueuedNetns.start({ kind: "ours", minInterval: "1s", maxInterval: "2s" });
  const count = 90_000;
  const { got } = await netns.run("flood", count, count);
  const figures = await netns.stop();
  if (got !== count) throw new Error(`${count} packets sent, ${got} came`);
  return figures?.heldAtOnce ?? 0;
}

/** One process, `roundCount` bursts: the 99th percentile of how late each came, in milliseconds. */
async function delayErrorP99Ms(roundCount: number): Promise<Measured> {
  const netns = await QueuedNetns.start({ kind: "ours", minInterval: "5ms", maxInterval: "50ms" });
  const count = 10_000;
  const bursts: Record<string, number>[] = [];
  let figures: InspectorFigures | undefined;
  try {
    await netns.run("paced", count, count, 1_000_000); // warms up, and does not count
    for (let round = 0; round < roundCount; round++) {
      bursts.push(await netns.run("paced", count, count, round * count));
    }
  } finally {
    figures = await netns.stop();
  }
  const runs = bursts.map((cameAfterUs) => {
    const lateMs = Object.entries(cameAfterUs).map(
      ([number, us]) => us / 1000 - (figures?.askedMs[Number(number)] ?? Number.NaN),
    );
    if (lateMs.length !== count) throw new Error(`${count} packets sent, ${lateMs.length} came`);
    lateMs.sort((a, b) => a - b);
    if (lateMs[0]! < -0.001) throw new Error(`a packet came ${-lateMs[0]!} ms before its time`);
    return lateMs[Math.floor(count * 0.99)]!;
  });
  return { value: median(runs), runs };
}

async function repeated(roundCount: number, measure: () => Promise<number>): Promise<Measured> {
  const runs: number[] = [];
  for (let round = 0; round < roundCount; round++) runs.push(await measure());
  return { value: median(runs), runs };
}

export const nfqMeasurements: readonly Measurement[] = [
  {
    key: "nfq.throughput_vs_limit",
    unit: "ratio",
    what: "packets/s through inspector, orchestrator and random 0/0, over a C accept-all with libnetfilter_queue",
    aim: { atLeast: 0.65 },
    measure: () => compare({ kind: "limit" }, rounds(9), throughput),
  },
  {
    key: "nfq.throughput_vs_nfqueue",
    unit: "ratio",
    what: "the same path, over npm nfqueue accepting at once",
    aim: { atLeast: 2.5 },
    measure: () => compare({ kind: "package" }, rounds(9), throughput),
  },
  {
    key: "nfq.pingpong_vs_limit",
    unit: "ratio",
    what: "median UDP round trip, over the C accept-all",
    aim: { atMost: 2 },
    measure: () => compare({ kind: "limit" }, rounds(9), roundTrip),
  },
  {
    key: "nfq.held",
    unit: "packets",
    what: "packets held at once with delays of 1 to 2 s, none lost",
    aim: { atLeast: 50_000 },
    measure: () => repeated(rounds(3), held),
  },
  {
    key: "nfq.delay_error_p99_ms",
    unit: "ms",
    what: "released later than asked: 10,000 packets in a second, delays of 5 to 50 ms, 99th percentile from end to end",
    aim: { atMost: 1.5 },
    measure: () => delayErrorP99Ms(rounds(5)),
  },
];
