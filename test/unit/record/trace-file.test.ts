import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TraceFile } from "../../../src/record/trace-file.js";

let folder: string;
let path: string;
let freed: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-trace-file-"));
  path = join(folder, "trace");
  freed = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(): TraceFile {
  return new TraceFile(path, {
    onError: (error) => {
      throw error;
    },
    onFree: () => {
      freed += 1;
    },
  });
}

const bytes = (text: string) => Buffer.from(text);

describe("TraceFile", () => {
  it("has all in the file when write returns, what is still on its way, too", () => {
    const file = open();
    for (const piece of ["one ", "two ", "three "]) file.handOver(bytes(piece));
    file.write(bytes("four"));
    expect(readFileSync(path, "utf8")).toBe("one two three four");
    file.close();
  });

  it("gives memory back once the pool is done with it, and not before", async () => {
    const file = open();
    file.handOver(bytes("one "));
    file.write(bytes("two"));
    expect(freed).toBe(0);
    file.close();
    while (freed === 0) await turn();
    expect(readFileSync(path, "utf8")).toBe("one two");
  });

  it("takes no more than a few pieces at a time", () => {
    const file = open();
    let taken = 0;
    for (; file.mayHandOver; taken++) file.handOver(bytes("x"));
    expect(taken).toBe(4);
    file.write(bytes("y"));
    expect(file.mayHandOver).toBe(true);
    file.close();
    expect(readFileSync(path, "utf8")).toBe("xxxxy");
  });

  it("keeps the order, whoever writes", async () => {
    let made = 0;
    const step = fc.constantFrom("hand over", "write", "turn");
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        // The pool may still write, once more, to the one before.
        path = join(folder, `trace-${++made}`);
        const file = open();
        let expected = "";
        for (const [index, each] of steps.entries()) {
          if (each === "turn") await turn();
          else {
            const text = `${index} ${"z".repeat(index * 50)}`;
            expected += text;
            if (each === "write" || !file.mayHandOver) file.write(bytes(text));
            else file.handOver(bytes(text));
          }
        }
        file.write(bytes("."));
        file.close();
        expect(readFileSync(path, "utf8")).toBe(`${expected}.`);
      }),
      { numRuns: 60 },
    );
  });
});
