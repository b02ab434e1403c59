import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  dumpLines,
  goSyntax,
  importStorage,
  listExperiments,
  overAverageLines,
  readResult,
  readStoredActions,
  summariseExperiments,
  summaryLines,
  traceDigest,
} from "../../../src/experiment/index.js";
import { readDecisions } from "../../../src/record/index.js";
import { storageRuns } from "../../../src/replay/index.js";

/** Three runs whose files Namazu's own code wrote, and what its tools print of them. */
const storage = fileURLToPath(new URL("../../fixtures/namazu-storage", import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzt-tools-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("dumpLines", () => {
  it("prints what Namazu's dump-trace prints, but for the time zone", () => {
    const inUtc = (line: string) =>
      line.replace(/@(\w+ +\d+ \d\d:\d\d:\d\d\.\d{6})/g, (_, stamp: string) => `@${toUtc(stamp)}`);
    const lines = [...dumpLines(readStoredActions(join(storage, "00000000", "history")))].map(inUtc);
    expect(lines).toEqual(readFileSync(join(storage, "00000000.dump"), "utf8").trimEnd().split("\n"));
  });

  it("reads actions/ where there is no history, and then knows no times", () => {
    cpSync(join(storage, "00000000", "actions"), join(folder, "actions"), { recursive: true });
    expect([...dumpLines(readStoredActions(folder))].slice(0, 2)).toEqual([
      "0: EventAcceptanceAction[e0@?] for PacketEvent[e0@?]",
      " - Event option:",
    ]);
  });

  it("says which file it cannot read", () => {
    expect(() => [...readStoredActions(join(folder, "nowhere"))]).toThrow(/nowhere/);
    writeFileSync(join(folder, "history"), "no gob");
    expect(() => [...readStoredActions(folder)]).toThrow(/cannot read the trace .*gob/);
  });
});

/** A local stamp of 2018 as Namazu would print it where its clock is set to UTC. */
function toUtc(stamp: string): string {
  const [month = "", day = "", clock = ""] = stamp.split(/ +/);
  const [seconds = "", micros = ""] = clock.split(".");
  const utc = new Date(`${month} ${day} 2018 ${seconds}`).toISOString();
  return `${month} ${utc.slice(8, 10)} ${utc.slice(11, 19)}.${micros}`;
}

describe("goSyntax", () => {
  it.each([
    [1e6, "1e+06"],
    [123456789, "1.23456789e+08"],
    [1e21, "1e+21"],
    [100000, "100000"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [-2.5e-9, "-2.5e-09"],
    [1.5, "1.5"],
    [-0, "-0"],
    [null, "<nil>"],
    [true, "true"],
    [[1, null, "x"], '[]interface {}{1, interface {}(nil), "x"}'],
    ['a\x07\x7fé\u2028\u{1f600}\u00a0<"', '"a\\a\\x7fé\\u2028\u{1f600}\\u00a0<\\""'],
    [{ b: null, a: {} }, 'map[string]interface {}{"a":map[string]interface {}{}, "b":interface {}(nil)}'],
  ])("shows %s as Go does", (value, text) => {
    expect(goSyntax(value)).toBe(text);
  });
});

describe("traceDigest", () => {
  const digests = (hasReduction: boolean) =>
    ["00000000", "00000001", "00000002"].map((run) =>
      traceDigest(readStoredActions(join(storage, run)), hasReduction),
    );

  it("counts as Namazu's visualize does: two different traces of three, and three without reduction", () => {
    expect(new Set(digests(true)).size).toBe(2);
    expect(new Set(digests(false)).size).toBe(3);
  });

  it("does not depend on the order between entities", () => {
    const of = (entity: string) => ({
      action: {},
      event: { entity, uuid: String(Math.random()) },
      triggeredMs: undefined,
      arrivedMs: undefined,
    });
    expect(traceDigest([of("a"), of("b")], true)).toBe(traceDigest([of("b"), of("a")], true));
    expect(traceDigest([of("a")], true)).not.toBe(traceDigest([of("b")], true));
  });
});

describe("importStorage", () => {
  it("makes a storage that summary, explain and replay's readers take", () => {
    const target = join(folder, "imported");
    expect(importStorage(storage, target)).toMatchObject({ imported: 3, withoutResult: 0, withoutTrace: [] });
    expect(summariseExperiments(target)).toMatchObject({ ended: 3, failures: 1, failed: [1] });
    expect(storageRuns(target, (code) => code !== 0).runs.map(({ failed }) => failed)).toEqual([
      false,
      true,
      false,
    ]);
    const [first, second] = readDecisions(join(target, "00000000", "trace.jsonl"));
    expect(first).toMatchObject({ entity: "e0", hint: "h0", n: 1, delayMs: 80, arrivedMs: 0, atMs: 80 });
    expect(second).toMatchObject({ entity: "e1", fault: { kind: "drop" }, atMs: 1080 });
    expect(readFileSync(join(target, "00000001", "actions", "1.action.json"))).toEqual(
      readFileSync(join(storage, "00000001", "actions", "1.action.json")),
    );
    expect(statSync(join(target, "materials", "run.sh")).mode & 0o111).not.toBe(0);
  });

  it("brings a storage of 2015 into today's form", () => {
    const old = join(folder, "old");
    mkdirSync(join(old, "00000000", "actions"), { recursive: true });
    cpSync(join(storage, "SearchModeInfo"), join(old, "SearchModeInfo"));
    writeFileSync(
      join(old, "config.json"),
      '{"explorepolicy":"random","explorepolicyparam":{"interval":50}}',
    );
    writeFileSync(join(old, "00000000", "result"), resultOf2015);
    const write = (name: string, json: object) =>
      writeFileSync(join(old, "00000000", "actions", name), JSON.stringify(json));
    const option = { event_uuid: "ev-1" };
    write("0.action.json", {
      class: "AcceptEventAction",
      entity: "ether",
      option,
      type: "action",
      uuid: "a-1",
    });
    const packet = { src_entity: "zk1", dst_entity: "zk2", message: {} };
    const event = {
      class: "PacketEvent",
      deferred: true,
      entity: "ether",
      option: packet,
      type: "event",
      uuid: "ev-1",
    };
    write("0.event.json", event);
    const target = join(folder, "new");
    importStorage(old, target);
    expect(readResult(join(target, "00000000"))).toMatchObject({
      successful: true,
      requiredTimeNs: 17287862379,
    });
    expect(JSON.parse(readFileSync(join(target, "00000000", "actions", "0.action.json"), "utf8"))).toEqual({
      class: "EventAcceptanceAction",
      entity: "ether",
      event_uuid: "ev-1",
      option: {},
      type: "action",
      uuid: "a-1",
    });
    expect([...readDecisions(join(target, "00000000", "trace.jsonl"))]).toMatchObject([
      { entity: "ether", about: { src: "zk1", dst: "zk2" } },
    ]);
    expect(readFileSync(join(target, "config.toml"), "utf8")).toContain('explorepolicy = "random"');
    expect(summariseExperiments(target)).toMatchObject({ ended: 1, failures: 0, interrupted: 2 });
  });

  it("takes nothing that is no storage, and fills nothing that is not empty", () => {
    expect(() => importStorage(folder, join(folder, "new"))).toThrow(/is no storage/);
    writeFileSync(join(folder, "thesis"), "years of work");
    expect(() => importStorage(storage, folder)).toThrow(/not empty/);
    expect(readdirSync(folder)).toEqual(["thesis"]);
  });
});

/** Of a run that took 17.287862379 s: `testResult{Succeed: true, RequiredTime: …}`, in gob. */
const resultOf2015 = Buffer.from(
  "35ff9d0301010a74657374526573756c7401ff9e0001020107537563636565640102" +
    "00010c526571756972656454696d650104000000" +
    "0cff9e010101fb080cdfb0d600",
  "hex",
);

describe("the lines of tools summary", () => {
  it("are Namazu's", () => {
    const runs = listExperiments(storage);
    expect(summaryLines(runs)).toEqual(["00000001 caused failure"]);
    expect(overAverageLines(runs)).toEqual(["00000002"]);
  });

  it("tell of a run without a result as Namazu does", () => {
    cpSync(storage, join(folder, "storage"), { recursive: true });
    const file = join(folder, "storage", "00000002", "result.json");
    rmSync(file);
    expect(summaryLines(listExperiments(join(folder, "storage")))).toEqual([
      "00000001 caused failure",
      `failed to open history 00000002, open ${file}: no such file or directory`,
    ]);
  });
});

describe("summariseExperiments", () => {
  it("gives the rate with its interval, and times of failing and passing runs apart", () => {
    expect(summariseExperiments(storage)).toMatchObject({
      ended: 3,
      failures: 1,
      rate: 1 / 3,
      times: {
        all: { count: 3, minMs: 1500, medianMs: 3000, maxMs: 4500 },
        failing: { count: 1, minMs: 3000 },
        passing: { count: 2, medianMs: 3000 },
      },
    });
  });
});
