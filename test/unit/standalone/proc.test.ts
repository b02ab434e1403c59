import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { NopAction, ProcSetEvent } from "../../../src/signal/index.js";
import { AnswerWatch } from "../../../src/standalone/proc/answer-watch.js";
import { findProgram } from "../../../src/standalone/proc/find-program.js";
import { untilTreeEnds } from "../../../src/standalone/proc/until-tree-ends.js";

describe("findProgram", () => {
  it("finds what a shell would, and says with a shell's exit codes what it would not", () => {
    const folder = mkdtempSync(join(tmpdir(), "nmz-program-"));
    try {
      writeFileSync(join(folder, "runs"), "", { mode: 0o755 });
      writeFileSync(join(folder, "text"), "", { mode: 0o644 });
      const find = (name: string) => findProgram({ words: [name], cwd: folder, env: { PATH: folder } });
      expect(() => find("runs")).not.toThrow();
      expect(() => find("./runs")).not.toThrow();
      const exitCode = (code: number) => expect.objectContaining({ exitCode: code });
      expect(() => find("text")).toThrow(exitCode(126));
      expect(() => find("./text")).toThrow(exitCode(126));
      expect(() => find("absent")).toThrow(exitCode(127));
      expect(() => find("")).toThrow(exitCode(127));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("AnswerWatch", () => {
  it("waits for the first answer until it has been carried out, and passes every answer on", async () => {
    const delivered: string[] = [];
    const sink = { deliver: () => void delivered.push("done") };
    let answer = (): void => {};
    const watch = new AnswerWatch({
      send: (event, to) => {
        answer = () => to.deliver(event, new NopAction(event));
      },
    });
    watch.send(new ProcSetEvent("e", [1]), sink);
    const first = watch.first();
    answer();
    expect(await first).toBe(true);
    watch.send(new ProcSetEvent("e", [2]), sink);
    answer();
    expect(delivered).toEqual(["done", "done"]);
  });

  it("gives up when nobody answers", async () => {
    const watch = new AnswerWatch({ send: () => {} });
    watch.send(new ProcSetEvent("e", [1]), { deliver: () => {} });
    expect(await watch.first()).toBe(false);
  });
});

describe("untilTreeEnds", () => {
  it("looks until no thread lives", async () => {
    const answers = [true, true, false];
    expect(await untilTreeEnds({ hasLivingThreads: () => answers.shift() ?? false })).toBe(0);
    expect(answers).toEqual([]);
  });
});
