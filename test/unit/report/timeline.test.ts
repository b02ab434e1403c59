import { inflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { RecordedDecision } from "../../../src/record/index.js";
import {
  columnsFrom,
  faultFlag,
  heldFlag,
  lostFlag,
  noLane,
  type PackedTimeline,
  packTimelines,
} from "../../../src/report/index.js";

function packet(arrivedMs: number, changes: Partial<RecordedDecision> = {}): RecordedDecision {
  return {
    entity: "ethernet",
    hint: "tcp:output:10.0.0.2>10.0.0.3:2888:data",
    n: 1,
    event: "PacketEvent",
    delayMs: 0,
    arrivedMs,
    atMs: arrivedMs,
    about: { src: "10.0.0.2", dst: "10.0.0.3:2888" },
    ...changes,
  };
}

function file(path: string, arrivedMs: number, atMs = arrivedMs): RecordedDecision {
  const about = { op: "pre-fsync", path };
  return {
    entity: "fs",
    hint: path,
    n: 1,
    event: "FilesystemEvent",
    delayMs: atMs - arrivedMs,
    arrivedMs,
    atMs,
    about,
  };
}

function pack(decisions: readonly RecordedDecision[], limit?: number) {
  const run = { run: 7, outcome: "fail" as const, title: "lost", decisions: () => decisions };
  const { lanes, timelines } = packTimelines([run], [[{ entity: "fs", hint: "log.1", n: 1 }], []], limit);
  return { lanes, timeline: timelines[0]! };
}

function columnsOf({ columns, events }: PackedTimeline) {
  return columnsFrom(new Uint8Array(inflateRawSync(Buffer.from(columns, "base64"))), events);
}

describe("packTimelines", () => {
  it("gives a volume's own folder, whose path is empty, a lane with a name", () => {
    expect(pack([file("", 1)]).lanes).toEqual([{ kind: "file", name: "." }]);
  });

  it("names the lanes of inspectors that have no name of their own plainly", () => {
    const sweep = (entity: string): RecordedDecision => ({ ...file("x", 1), event: "ProcSetEvent", entity });
    const own = ["_namazu_container_proc_inspector", "_namazu_proc_inspector", "zk1", "_namazu_constructor"];
    expect(pack(own.map(sweep)).lanes.map(({ name }) => name)).toEqual([
      "_namazu_constructor",
      "threads",
      "zk1",
    ]);
    const nowhere = packet(1, {
      hint: "",
      about: { src: "_namazu_unknown_entity", dst: "entity-10.0.0.3:1" },
    });
    expect(pack([nowhere]).lanes.map(({ name }) => name)).toEqual(["10.0.0.3:1", "unknown"]);
  });

  it("has the events in the order of arrival, with what was done and for how long", () => {
    const dropped = packet(3, { fault: { kind: "drop" } });
    const { lanes, timeline } = pack([dropped, file("log.1", 1, 81)]);
    const columns = columnsOf(timeline);
    expect(timeline).toMatchObject({
      run: 7,
      events: 2,
      leftOut: 0,
      firstMs: 1,
      unitUs: 1,
      endUnits: 80_000,
    });
    expect([...columns.arrived]).toEqual([0, 2000]);
    expect([...columns.held]).toEqual([80_000, 0]);
    expect([...columns.flags]).toEqual([heldFlag, faultFlag | lostFlag]);
    expect([...columns.what].map((word) => timeline.words[word])).toEqual([
      "fsync of log.1",
      expect.stringContaining("→10.0.0.3:2888"),
    ]);
    expect([...columns.done].map((word) => timeline.words[word])).toEqual(["", "dropped"]);
    expect([...columns.lane].map((lane) => lanes[lane]!.name)).toEqual(["log.1", "10.0.0.2"]);
    expect(columns.otherLane[0]).toBe(noLane);
    expect(timeline.marks).toEqual([[0], []]);
    expect(lanes[columns.otherLane[1]!]).toEqual({ kind: "endpoint", name: "10.0.0.3:2888" });
  });

  it("keeps the first events, and says how many are left out", () => {
    const { timeline } = pack(
      Array.from({ length: 10 }, (_, index) => packet(index)),
      4,
    );
    expect(timeline).toMatchObject({ events: 4, leftOut: 6 });
    expect([...columnsOf(timeline).arrived]).toEqual([0, 1000, 2000, 3000]);
  });

  it("takes a larger unit where 32 bits of microseconds are too few", () => {
    const { timeline } = pack([packet(1000), packet(10_000_000)]);
    expect(timeline.unitUs).toBe(3);
    expect(columnsOf(timeline).arrived[1]! * timeline.unitUs).toBeCloseTo(9_999_000_000, -1);
  });

  it("lets the least busy files share a lane", () => {
    const decisions = Array.from({ length: 40 }, (_, index) => file(`file-${index}`, index));
    const { lanes, timeline } = pack([...decisions, file("file-30", 100)]);
    expect(lanes).toHaveLength(14);
    expect(lanes.at(-1)).toEqual({ kind: "file", name: "other files" });
    expect(lanes[columnsOf(timeline).lane[30]!]!.name).toBe("file-30");
    expect(lanes[columnsOf(timeline).lane[29]!]!.name).toBe("other files");
  });

  it("gives runs that are compared the same lanes", () => {
    const runs = ["a", "b"].map((path, run) => ({
      ...{ run, outcome: "pass" as const, title: "" },
      decisions: () => [file(path, 1)],
    }));
    const { lanes, timelines } = packTimelines(runs);
    expect(lanes.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(timelines.map((timeline) => columnsOf(timeline).lane[0])).toEqual([0, 1]);
  });
});

describe("columnsFrom", () => {
  it("does not read columns of another length", () => {
    expect(() => columnsFrom(new Uint8Array(20), 1)).toThrow(RangeError);
  });
});
