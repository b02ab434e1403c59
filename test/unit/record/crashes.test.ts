import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readTrace, shakes, TraceWriter } from "../../../src/record/index.js";
import { writeEntries } from "../../../src/record/write-entries.js";
import { EventAcceptanceAction, FilesystemCrashAction, FilesystemEvent } from "../../../src/signal/index.js";

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

  it("is written as it was read", () => {
    const entries = [...readTrace(recorded())];
    const file = join(folder, "again.jsonl");
    writeEntries(file, { run: "r", seed: "s" }, entries);
    expect([...readTrace(file)]).toEqual(entries);
  });
});
