import { describe, expect, it } from "vitest";
import { describeUndoFailure, type UndoRecord, UndoStack } from "../../../src/util/index.js";

class FakeJournal {
  readonly records = new Map<number, UndoRecord>();
  add(id: number, record: UndoRecord): void {
    this.records.set(id, record);
  }
  remove(id: number): void {
    this.records.delete(id);
  }
}

const folder = (path: string): UndoRecord => ({ kind: "folder", path });

describe("UndoStack", () => {
  it("undoes newest first, one after another", async () => {
    const stack = new UndoStack();
    const log: string[] = [];
    for (const name of ["first", "second", "third"]) {
      stack.push(name, async () => {
        log.push(`${name} begins`);
        await Promise.resolve();
        log.push(`${name} ends`);
      });
    }
    expect(await stack.unwind()).toEqual([]);
    expect(log).toEqual([
      "third begins",
      "third ends",
      "second begins",
      "second ends",
      "first begins",
      "first ends",
    ]);
  });

  it("goes on past failures and says what it could not undo", async () => {
    const stack = new UndoStack();
    const log: string[] = [];
    stack.push("container", () => void log.push("container"));
    stack.push("mount /x", () => Promise.reject(new Error("EBUSY")));
    stack.push("rules", () => {
      throw new Error("no such table");
    });
    const failures = await stack.unwind();
    expect(log).toEqual(["container"]);
    expect(failures.map(describeUndoFailure)).toEqual([
      "could not undo rules: no such table",
      "could not undo mount /x: EBUSY",
    ]);
  });

  it("gives each undo its own deadline", async () => {
    const stack = new UndoStack();
    const log: string[] = [];
    stack.push("folder", () => void log.push("folder"));
    stack.push("stuck", () => new Promise(() => {}));
    const failures = await stack.unwind(5);
    expect(failures.map(describeUndoFailure)).toEqual(["could not undo stuck: not done after 5 ms"]);
    expect(log).toEqual(["folder"]);
  });

  it("runs each undo once, however many unwind at the same time", async () => {
    const stack = new UndoStack();
    let undone = 0;
    stack.push("mount", async () => {
      await Promise.resolve();
      undone += 1;
    });
    const all = await Promise.all([stack.unwind(), stack.unwind(), stack.unwind()]);
    expect(undone).toBe(1);
    expect(all).toEqual([[], [], []]);
    expect(await stack.unwind()).toEqual([]);
    expect(undone).toBe(1);
  });

  it("also undoes what was pushed while it unwinds", async () => {
    const stack = new UndoStack();
    const log: string[] = [];
    stack.push("outer", () => void stack.push("inner", () => void log.push("inner")));
    await stack.unwind();
    expect(log).toEqual(["inner"]);
  });

  it("undoes one ahead of the others and not again", async () => {
    const stack = new UndoStack();
    const log: string[] = [];
    const undoMount = stack.push("mount", () => void log.push("mount"));
    stack.push("container", () => void log.push("container"));
    await undoMount();
    await undoMount();
    await stack.unwind();
    expect(log).toEqual(["mount", "container"]);
  });

  it("keeps what could not be undone early, and tries again at the end", async () => {
    const stack = new UndoStack();
    let attempts = 0;
    const undo = stack.push("mount", () => {
      attempts += 1;
      if (attempts === 1) throw new Error("EBUSY");
    });
    await expect(undo()).rejects.toThrow("EBUSY");
    expect(await stack.unwind()).toEqual([]);
    expect(attempts).toBe(2);
  });

  it("waits for an early undo that is still under way", async () => {
    const stack = new UndoStack();
    let finish = (): void => {};
    let isDone = false;
    const undo = stack.push("mount", async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      isDone = true;
    });
    const early = undo();
    const unwound = stack.unwind().then(() => expect(isDone).toBe(true));
    finish();
    await Promise.all([early, unwound]);
    expect(isDone).toBe(true);
  });

  it("keeps a record in the journal exactly as long as the change stands", async () => {
    const journal = new FakeJournal();
    const stack = new UndoStack(journal);
    stack.push("folder /a", () => {}, folder("/a"));
    stack.push("folder /b", () => Promise.reject(new Error("EBUSY")), folder("/b"));
    const undoC = stack.push("folder /c", () => {}, folder("/c"));
    expect([...journal.records.values()]).toEqual([folder("/a"), folder("/b"), folder("/c")]);
    await undoC();
    await stack.unwind();
    expect([...journal.records.values()]).toEqual([folder("/b")]);
  });
});
