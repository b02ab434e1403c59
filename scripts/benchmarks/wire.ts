import { type Measured, type Measurement, median, rounds } from "./measurement.js";
import { BenchmarkProcess } from "./wire/child-process.js";
import type { LoadFigures, LoadRequest, ServerMemory, ServerPorts } from "./wire/messages.js";

const secondsEach = 2;
const entities = 16;

/** One round: the same load on our server and on the null server, one after the other. */
interface Round {
  readonly restOurs: LoadFigures;
  readonly restNull: LoadFigures;
  readonly streamOurs: LoadFigures;
  readonly streamNull: LoadFigures;
}

/** Our server, the null server and the load's process; ended by `end`. */
class Bench {
  readonly #ours = new BenchmarkProcess("server");
  readonly #null = new BenchmarkProcess("null-server");
  readonly #load = new BenchmarkProcess("load");

  async load(server: "ours" | "null", request: Omit<LoadRequest, "port" | "entities">): Promise<LoadFigures> {
    const ports = await (server === "ours" ? this.#ours : this.#null).ask<ServerPorts>({ what: "ports" });
    const port = request.wire === "pb" ? ports.pb : ports.http;
    return await this.#load.ask<LoadFigures>({ ...request, port, entities });
  }

  memory(): Promise<ServerMemory> {
    return this.#ours.ask({ what: "memory" });
  }

  async end(): Promise<void> {
    await Promise.all([this.#ours.end(), this.#null.end(), this.#load.end()]);
  }
}

async function withBench<T>(work: (bench: Bench) => Promise<T>): Promise<T> {
  const bench = new Bench();
  try {
    return await work(bench);
  } finally {
    await bench.end();
  }
}

async function takeRounds(): Promise<readonly Round[]> {
  return await withBench(async (bench) => {
    const taken: Round[] = [];
    const count = rounds(7);
    // The first round warms both servers up.
    for (let round = 0; round <= count; round++) {
      const each = { seconds: secondsEach };
      const restOurs = await bench.load("ours", { wire: "rest", ...each });
      const restNull = await bench.load("null", { wire: "rest", ...each });
      const streamOurs = await bench.load("ours", { wire: "stream", ...each });
      const streamNull = await bench.load("null", { wire: "stream", ...each });
      if (round > 0) taken.push({ restOurs, restNull, streamOurs, streamNull });
    }
    return taken;
  });
}

let taken: Promise<readonly Round[]> | undefined;

/** REST and the stream are compared with each other too, so they are measured in the same rounds, once. */
async function ofRounds(figure: (round: Round) => number): Promise<Measured> {
  taken ??= takeRounds();
  const runs = (await taken).map(figure);
  return { value: median(runs), runs };
}

async function pbRatio(): Promise<Measured> {
  return await withBench(async (bench) => {
    const runs: number[] = [];
    const count = rounds(7);
    for (let round = 0; round <= count; round++) {
      const ours = await bench.load("ours", { wire: "pb", seconds: secondsEach });
      const limit = await bench.load("null", { wire: "pb", seconds: secondsEach });
      if (round > 0) runs.push(ours.eventsPerSecond / limit.eventsPerSecond);
    }
    return { value: median(runs), runs };
  });
}

/** After a tenth has warmed the server up: what a million events, most of them over the stream, leave behind. */
async function memoryGrowth(): Promise<{ heapMb: number; residentMb: number }> {
  return await withBench(async (bench) => {
    const load = async (events: number): Promise<void> => {
      await bench.load("ours", { wire: "stream", events: Math.round(events * 0.8) });
      await bench.load("ours", { wire: "rest", events: Math.round(events * 0.1) });
      await bench.load("ours", { wire: "pb", events: Math.round(events * 0.1) });
    };
    await load(100_000);
    const before = await bench.memory();
    await load(1_000_000);
    const after = await bench.memory();
    const mb = (a: number, b: number) => (b - a) / 2 ** 20;
    return {
      heapMb: mb(before.heapBytes, after.heapBytes),
      residentMb: mb(before.residentBytes, after.residentBytes),
    };
  });
}

let growth: Promise<{ heapMb: number; residentMb: number }> | undefined;

async function ofGrowth(figure: "heapMb" | "residentMb"): Promise<Measured> {
  growth ??= memoryGrowth();
  const value = (await growth)[figure];
  return { value, runs: [value] };
}

const none = { atLeast: 0 } as const;

export const wireMeasurements: readonly Measurement[] = [
  {
    key: "rest.events_per_s_16",
    unit: "ratio",
    what: "POST, GET and DELETE by 16 entities, over a node:http server that answers at once",
    aim: { atLeast: 0.5 },
    measure: () => ofRounds(({ restOurs, restNull }) => restOurs.eventsPerSecond / restNull.eventsPerSecond),
  },
  {
    key: "rest.events_per_s",
    unit: "events/s",
    what: "the same, as it is",
    aim: none,
    measure: () => ofRounds(({ restOurs }) => restOurs.eventsPerSecond),
  },
  {
    key: "rest.p99_ms",
    unit: "ms",
    what: "POST, GET and DELETE of one event under that load, 99th percentile",
    aim: { atMost: 50 },
    measure: () => ofRounds(({ restOurs }) => restOurs.p99Ms),
  },
  {
    key: "rest.p99_vs_null",
    unit: "ratio",
    what: "the same, over the null server's",
    aim: { atMost: 2 },
    measure: () => ofRounds(({ restOurs, restNull }) => restOurs.p99Ms / restNull.p99Ms),
  },
  {
    key: "stream.events_per_s",
    unit: "ratio",
    what: "events over the stream, over REST's null server: comparable with rest.events_per_s_16",
    aim: { atLeast: 2.5 },
    measure: () =>
      ofRounds(({ streamOurs, restNull }) => streamOurs.eventsPerSecond / restNull.eventsPerSecond),
  },
  {
    key: "stream.vs_rest",
    unit: "ratio",
    what: "events over the stream, over ours through REST",
    aim: { atLeast: 5 },
    measure: () =>
      ofRounds(({ streamOurs, restOurs }) => streamOurs.eventsPerSecond / restOurs.eventsPerSecond),
  },
  {
    key: "stream.vs_null",
    unit: "ratio",
    what: "events over the stream, over a ws server that answers at once",
    aim: { atLeast: 0.3 },
    measure: () =>
      ofRounds(({ streamOurs, streamNull }) => streamOurs.eventsPerSecond / streamNull.eventsPerSecond),
  },
  {
    key: "pb.events_per_s",
    unit: "ratio",
    what: "calls by 16 agents over protobuf, over a TCP server that answers at once",
    aim: { atLeast: 0.5 },
    measure: pbRatio,
  },
  {
    key: "wire.memory_growth_mb",
    unit: "MB",
    what: "what a million events over all wires leave in the heap of a warm orchestrator",
    aim: { atMost: 2 },
    measure: () => ofGrowth("heapMb"),
  },
  {
    key: "wire.resident_growth_mb",
    unit: "MB",
    what: "the same, of the whole process",
    aim: { atMost: 32 },
    measure: () => ofGrowth("residentMb"),
  },
];
