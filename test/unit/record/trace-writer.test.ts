import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readDecisions, TraceWriter } from "../../../src/record/index.js";
import {
  EventAcceptanceAction,
  FilesystemEvent,
  FilesystemFaultAction,
  JavaFunctionEvent,
  LogEvent,
  PacketEvent,
  ProcSetEvent,
  ProcSetSchedAction,
  ShellAction,
} from "../../../src/signal/index.js";
import { packet } from "../policy/policy-harness.js";
import { SteppingClock } from "../util/stepping-clock.js";

let folder: string;
let file: string;
let clock: SteppingClock;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  folder = mkdtempSync(join(tmpdir(), "nmzc-trace-"));
  file = join(folder, "trace.jsonl");
  clock = new SteppingClock();
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

function open(
  options: { file?: string; onError?: (error: unknown, while_: string) => void } = {},
): TraceWriter {
  return new TraceWriter({ file, run: "run-1", seed: "seed-1", clock, ...options });
}

function lines(): Record<string, unknown>[] {
  const text = readFileSync(file, "utf8");
  expect(text.endsWith("\n")).toBe(true);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const zero = { Policy: 0, Flags: 0, Nice: 0, Priority: 0, Runtime: 0, Deadline: 0, Period: 0 };

describe("TraceWriter", () => {
  it("says of new threads that they are new", () => {
    const trace = open();
    const birth = new ProcSetEvent("proc", [9], undefined, true);
    trace.onAction(new ProcSetSchedAction(birth, { 9: { ...zero, Policy: 3 } }), 0);
    trace.close();
    expect(lines()[1]).toMatchObject({ threads: [9], birth: true });
    expect([...readDecisions(file)][0]!.about).toEqual({ birth: true });
  });

  it("writes into the memory that the file has given back", async () => {
    const allocated = vi.spyOn(Buffer, "allocUnsafeSlow");
    try {
      const trace = open();
      for (let count = 1; count <= 20_000; count++) {
        trace.onAction(new EventAcceptanceAction(packet("c".repeat(100))), 1);
        if (count % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      trace.close();
      expect(statSync(file).size).toBeGreaterThan(20 << 17);
      // One is written into, one is on its way, and three wait at most.
      expect(allocated.mock.calls.filter(([bytes]) => bytes >= 1 << 17).length).toBeLessThanOrEqual(5);
    } finally {
      allocated.mockRestore();
    }
  });

  it("opens with the version, the run and its seed", () => {
    open().close();
    expect(lines()).toEqual([
      { nmzTrace: 2, run: "run-1", seed: "seed-1", startedAt: expect.stringMatching(/^2026-01-31T00:00:00/) },
    ]);
  });

  it("names the function of a JVM and the side of it", () => {
    const trace = open();
    const event = new JavaFunctionEvent("jvm", { type: "return", functionName: "a.B$C#<init>" });
    trace.onAction(new EventAcceptanceAction(event), 3);
    trace.close();
    expect(lines()[1]).toMatchObject({ event: "JavaFunctionEvent", op: "return", function: "a.B$C#<init>" });
  });

  it("says what was logged, of a long line the beginning", () => {
    const trace = open();
    for (const message of ["disk full", "x".repeat(5000)]) {
      const event = new LogEvent("logs", { srcEntity: "entity-10.0.0.1:514", message, replayHint: "hint" });
      trace.onAction(event.defaultAction(), 0);
    }
    trace.close();
    expect(lines()[1]).toMatchObject({ event: "LogEvent", src: "entity-10.0.0.1:514", message: "disk full" });
    expect(lines()[2]).toMatchObject({ message: "x".repeat(1000) });
  });

  it("writes one line per action with what the event was about", () => {
    const trace = open();
    clock.advance(5);
    trace.onAction(new EventAcceptanceAction(packet('a "quoted" hint\n')), 1.23456);
    trace.onAction(new FilesystemFaultAction(new FilesystemEvent("fs", "pre-mkdir", "src/日本")), 0);
    const sweep = new ProcSetEvent("proc", [7, 8]);
    trace.onAction(new ProcSetSchedAction(sweep, { 7: { ...zero, Policy: 3, Nice: -5 }, 8: zero }), 0);
    trace.onAction(new ShellAction("echo hello"), 0);
    trace.close();
    const t = expect.closeTo(5, 1);
    expect(lines().slice(1)).toEqual([
      {
        t,
        action: "EventAcceptanceAction",
        event: "PacketEvent",
        entity: "net",
        hint: 'a "quoted" hint\n',
        n: 1,
        arrived: t,
        delayMs: 1.235,
        src: "entity-10.0.0.1:1",
        dst: "entity-10.0.0.2:2",
        length: 20,
      },
      {
        t,
        action: "FilesystemFaultAction",
        event: "FilesystemEvent",
        entity: "fs",
        hint: "pre-mkdir:src/日本",
        n: 1,
        arrived: t,
        delayMs: 0,
        fault: { kind: "errno", errno: "EIO" },
        op: "pre-mkdir",
        path: "src/日本",
      },
      {
        t,
        action: "ProcSetSchedAction",
        event: "ProcSetEvent",
        entity: "proc",
        hint: "threads:2",
        n: 1,
        arrived: t,
        delayMs: 0,
        threads: [7, 8],
        attrs: { 7: { Policy: 3, Nice: -5 }, 8: { Policy: 0 } },
      },
      { t, action: "ShellAction", command: "echo hello" },
    ]);
  });

  it("reaches the disk within 100 ms", () => {
    const trace = open();
    trace.onAction(new EventAcceptanceAction(packet()), 0);
    expect(statSync(file).size).toBe(0);
    clock.advance(100);
    expect(lines().length).toBe(2);
    trace.onAction(new EventAcceptanceAction(packet()), 0);
    clock.advance(100);
    expect(lines().length).toBe(3);
    trace.close();
  });

  it("keeps no timer while there is nothing to write", () => {
    const trace = open();
    clock.advance(100);
    expect(vi.getTimerCount()).toBe(0);
    trace.close();
  });

  it("keeps a bounded part in memory, however long nobody else has his turn", () => {
    const trace = open();
    for (let index = 0; index < 20_000; index++) trace.onAction(new EventAcceptanceAction(packet()), 0);
    const before = statSync(file).size;
    trace.close();
    expect(lines().map((line) => line["n"])).toEqual([
      undefined,
      ...Array.from({ length: 20_000 }, (_, i) => i + 1),
    ]);
    expect(statSync(file).size - before).toBeLessThan(5 * (1 << 17));
  });

  it("writes in order what comes fast, while others have their turns", async () => {
    const trace = open();
    for (let index = 0; index < 30_000; index++) {
      trace.onAction(new EventAcceptanceAction(packet(`hint ${index % 7}`)), index % 3);
      if (index % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    trace.close();
    const written = lines().slice(1);
    expect(written.map((line) => line["hint"])).toEqual(written.map((_, index) => `hint ${index % 7}`));
    expect(written.length).toBe(30_000);
    expect(trace.lostLines).toBe(0);
  });

  it("writes long lines whole, and leaves out those that cannot be made", () => {
    const trace = open();
    const hint = "x".repeat(300_000);
    trace.onAction(new EventAcceptanceAction(packet(hint)), 0);
    const source = { ...packet("fine").source, bytes: new Uint8Array(20), retain: () => {} };
    const broken = {
      ...source,
      get dstEntity(): string {
        throw new Error("it has no end");
      },
    };
    expect(() => trace.onAction(new EventAcceptanceAction(new PacketEvent("net", broken)), 0)).toThrow(
      "it has no end",
    );
    trace.onAction(new EventAcceptanceAction(packet("the next")), 0);
    trace.close();
    expect(lines().map((line) => line["hint"])).toEqual([undefined, hint, "the next"]);
    expect(trace.lostLines).toBe(1);
  });

  it.runIf(existsSync("/dev/full"))("reports a full disk once and lets the run go on", () => {
    const errors: string[] = [];
    const trace = open({
      file: "/dev/full",
      onError: (error, while_) => errors.push(`${while_}: ${(error as Error).message}`),
    });
    for (let index = 0; index < 3; index++) trace.onAction(new EventAcceptanceAction(packet()), 0);
    clock.advance(100);
    trace.onAction(new EventAcceptanceAction(packet()), 0);
    trace.close();
    expect(errors).toEqual([expect.stringMatching(/the trace "\/dev\/full" was being written; .*: ENOSPC/)]);
    expect(trace.lostLines).toBe(5); // the opening line, three actions, and one more
  });

  it.runIf(existsSync("/dev/full"))("counts all that was handed over and is not on a full disk", async () => {
    const errors: unknown[] = [];
    const trace = open({ file: "/dev/full", onError: (error) => errors.push(error) });
    for (let index = 0; index < 5000; index++) trace.onAction(new EventAcceptanceAction(packet()), 0);
    while (errors.length === 0) await new Promise((resolve) => setImmediate(resolve));
    trace.onAction(new EventAcceptanceAction(packet()), 0);
    trace.close();
    expect(errors).toEqual([expect.objectContaining({ code: "ENOSPC" })]);
    expect(trace.lostLines).toBe(5002);
  });

  it("may be closed twice, and counts what comes too late", () => {
    const trace = open();
    trace.close();
    trace.close();
    trace.onAction(new EventAcceptanceAction(packet()), 0);
    expect(trace.lostLines).toBe(1);
    expect(lines().length).toBe(1);
  });

  it("says at once when the file cannot be made", () => {
    expect(() => open({ file: join(folder, "missing", "trace.jsonl") })).toThrow(
      expect.objectContaining({ code: "NMZ_TRACE_OPEN", hint: expect.stringContaining("--nmz-out") }),
    );
  });
});
