import { describe, expect, it } from "vitest";
import { PolicyTrial } from "../../../src/policy/index.js";
import { FilesystemCrashAction } from "../../../src/signal/index.js";
import { loadPolicy } from "../../../src/user-policy/index.js";

describe("examples/policies/crash-after-rename.ts", () => {
  it("crashes once, at the first rename of a file that was not synced", async () => {
    const trial = new PolicyTrial(await loadPolicy("./crash-after-rename.ts", "examples/policies"));
    for (const op of ["pre-create", "pre-write", "pre-fsync", "pre-rename"] as const) {
      await trial.ask(trial.file(op, "synced"));
    }
    await trial.ask(trial.file("pre-rename", "never-written"));
    expect(trial.emitted).toEqual([]);
    await trial.ask(trial.file("pre-write", "new"));
    const rename = trial.file("pre-rename", "new");
    expect(await trial.ask(rename)).toMatchObject({ delayMs: 0, action: { class: "EventAcceptanceAction" } });
    await trial.ask(trial.file("pre-write", "newer"));
    await trial.ask(trial.file("pre-rename", "newer"));
    expect(trial.emitted).toEqual([new FilesystemCrashAction(rename)]);
    expect(trial.lines).toEqual(["the power is cut after the rename of new, which was not synced"]);
  });
});
