import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Orchestrator } from "../../../src/orchestrator/index.js";
import { readTrace, shakes, TraceWriter } from "../../../src/record/index.js";
import { writeEntries } from "../../../src/record/write-entries.js";
import { EventAcceptanceAction, FilesystemCrashAction, FilesystemEvent } from "../../../src/signal/index.js";
import { SteppingClock } from "../util/stepping-clock.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-crashes-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A rename that was held for 5 ms, at which everything crashed; a crash at no event; an event that nobody answered. */
function recorded(): string {
  const file = join(folder, "trace.jsonl");
  const trace = new TraceWriter({ file, run: "r", seed: "s" });
  const rename = new FilesystemEvent("disk", "pre-rename", "config.new");
  const unanswered = new FilesystemEvent("disk", "pre-rename", "log.new");
  trace.onEvent(rename);
  trace.onAction(new FilesystemCrashAction(rename), 0);
  trace.onAction(new EventAcceptanceAction(rename), 5);
  trace.onAction(new FilesystemCrashAction(undefined, "tape"), 0);
  trace.onEvent(unanswered);
  trace.onAction(new FilesystemCrashAction(unanswered, "disk"), 0);
  trace.close();
  return file;
}

describe("a trace of crashes", () => {
  it("is read as one decision where the crash was at an event, answered or not", () => {
    const entries = [...readTrace(recorded())];
    const decision = { entity: "disk", event: "FilesystemEvent", n: 1 };
    expect(entries).toMatchObject([
      { kind: "decision", decision: { ...decision, delayMs: 5, fault: { kind: "crash" } } },
      { kind: "crash", crash: { filesystem: "tape" } },
      { kind: "decision", decision: { ...decision, fault: { kind: "crash", filesystem: "disk" } } },
    ]);
    for (const entry of entries) if (entry.kind === "decision") expect(shakes(entry.decision)).toBe(true);
  });

  it("tells a crash that was the answer, after its delay, from one that was done when the event came", () => {
    const file = join(folder, "answered.jsonl");
    const delivered: string[] = [];
    const clock = new SteppingClock();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate"] });
    const trace = new TraceWriter({ file, run: "r", seed: "s", clock });
    const orchestrator = new Orchestrator({
      ...{ seed: "s", cpuCount: 2, observer: trace, clock },
      createPolicy: () => ({
        name: "crashing",
        onEvent: (event) => ({ delayMs: 80, action: new FilesystemCrashAction(event) }),
      }),
    });
    orchestrator.crashes.offer({ entities: ["disk"], crash: async () => ({ lost: [], failed: [] }) });
    const rename = new FilesystemEvent("disk", "pre-rename", "config.new");
    orchestrator.submit(rename, { deliver: (_event, { class: name }) => void delivered.push(name) });
    clock.advance(100);
    vi.useRealTimers();
    trace.close();
    expect(delivered).toEqual(["EventAcceptanceAction"]);
    const entries = [...readTrace(file)];
    const fault = { kind: "crash", isAnswer: true };
    expect(entries).toMatchObject([{ kind: "decision", decision: { delayMs: 80, fault } }]);
    const again = join(folder, "again.jsonl");
    writeEntries(again, { run: "r", seed: "s" }, entries);
    expect([...readTrace(again)]).toEqual(entries);
  });

  it("is written as it was read", () => {
    const entries = [...readTrace(recorded())];
    const file = join(folder, "again.jsonl");
    writeEntries(file, { run: "r", seed: "s" }, entries);
    expect([...readTrace(file)]).toEqual(entries);
  });
});
