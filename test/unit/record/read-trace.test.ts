import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readDecisions, readTrace, TraceWriter, writeEntries } from "../../../src/record/index.js";
import {
  type Action,
  EventAcceptanceAction,
  FilesystemEvent,
  FilesystemFaultAction,
  PacketFaultAction,
  ProcFaultAction,
  ProcSetEvent,
  ProcSetSchedAction,
  ShellAction,
} from "../../../src/signal/index.js";
import { packet } from "../policy/policy-harness.js";
import { SteppingClock } from "../util/stepping-clock.js";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-read-trace-"));
  file = join(folder, "trace.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true }));

const batch = { Policy: 3, Flags: 0, Nice: 0, Priority: 0, Runtime: 0, Deadline: 0, Period: 0 };

function record(write: (trace: TraceWriter) => void): void {
  const trace = new TraceWriter({ file, run: "run", seed: "seed", clock: new SteppingClock() });
  write(trace);
  trace.close();
}

function recordActions(...actions: Action[]): void {
  record((trace) => {
    for (const action of actions) trace.onAction(action, 5);
  });
}

describe("readTrace", () => {
  it("gives back each fault as it was decided", () => {
    const file1 = new FilesystemEvent("fs", "pre-write", "a");
    recordActions(
      new PacketFaultAction(packet(), { kind: "reorder", packets: 3, withinMs: 20 }),
      new FilesystemFaultAction(file1, { kind: "errno", errno: "ENOSPC" }),
      new ProcFaultAction(
        new ProcSetEvent("proc", [7]),
        { kind: "pause", process: "x*", place: 0.5, forMs: 3 },
        { 7: batch },
      ),
    );
    expect([...readDecisions(file)].map(({ fault }) => fault)).toEqual([
      { kind: "reorder", packets: 3, withinMs: 20 },
      { kind: "errno", errno: "ENOSPC" },
      { kind: "pause", process: "x*", place: 0.5, forMs: 3 },
    ]);
  });

  it("counts events in the order in which they came, not in which they were let go", () => {
    const [first, second, other] = [packet("a"), packet("a"), packet("b")];
    record((trace) => {
      for (const event of [first, second, other]) trace.onEvent(event);
      for (const event of [other, second, first]) trace.onAction(new EventAcceptanceAction(event), 1);
    });
    expect([...readDecisions(file)].map(({ hint, n }) => [hint, n])).toEqual([
      ["b", 1],
      ["a", 2],
      ["a", 1],
    ]);
  });

  it("knows threads by their place among the event's", () => {
    const event = new ProcSetEvent("proc", [900, 12, 40]);
    recordActions(new ProcSetSchedAction(event, { 900: batch, 40: { ...batch, Nice: 5 } }));
    const [decision] = readDecisions(file);
    expect(decision!.attributes).toEqual([batch, undefined, { ...batch, Nice: 5 }]);
  });

  it("reads commands with their time, and leaves out a last line that was cut off", () => {
    recordActions(new ShellAction("true"));
    appendFileSync(file, '{"t":1,"action":"Nop');
    expect([...readTrace(file)]).toEqual([
      { kind: "command", command: { command: "true", atMs: expect.any(Number) } },
    ]);
  });

  it.each([
    ['{"nmzTrace":1}\n', "NMZ_TRACE_VERSION", /:1: it is a trace of version 1/],
    ["{}\n", "NMZ_TRACE_VERSION", /it is no trace/],
    ['{"nmzTrace":2}\nnonsense\n', "NMZ_TRACE_DAMAGED", /:2: it is no JSON/],
    ['{"nmzTrace":2}\n{"t":1,"event":"PacketEvent"}\n', "NMZ_TRACE_DAMAGED", /:2: "n" is no number/],
  ])("refuses %j with the number of the line", (text, code, message) => {
    writeFileSync(file, text);
    const read = () => [...readTrace(file)];
    expect(read).toThrow(message);
    expect(read).toThrow(expect.objectContaining({ code }));
  });

  it("names a trace that is not there", () => {
    expect(() => [...readTrace(join(folder, "no"))]).toThrow(
      expect.objectContaining({ code: "NMZ_TRACE_UNREADABLE" }),
    );
  });
});

describe("writeEntries", () => {
  it("writes what is read as the same decisions and commands", () => {
    const event = new ProcSetEvent("proc", [900, 12]);
    recordActions(
      new PacketFaultAction(packet('ä"b'), { kind: "drop" }),
      new ProcSetSchedAction(event, { 12: batch }),
      new ShellAction("kill -9 1"),
      new EventAcceptanceAction(packet("x".repeat(100_000))),
    );
    const read = [...readTrace(file)];
    const copy = join(folder, "copy.jsonl");
    writeEntries(copy, { run: "r", seed: "s" }, read);
    expect([...readTrace(copy)]).toEqual(read);
    expect(readFileSync(copy, "utf8")).toContain('"PacketFaultAction"');
  });
});
