import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { OutputFile } from "../../../../src/cli/campaign/output-file.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "output-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const mebibyte = 1 << 20;

describe("OutputFile", () => {
  it.each([0, 5, mebibyte, mebibyte + 7, 2 * mebibyte])("keeps all of %i bytes", (size) => {
    const file = new OutputFile(join(folder, "output.log"));
    const content = Buffer.alloc(size, "0123456789\n");
    for (let from = 0; from < size; from += 65_536) file.add(content.subarray(from, from + 65_536));
    file.close();
    expect(file.isWhole).toBe(true);
    expect(readFileSync(file.path).equals(content)).toBe(true);
  });

  it("keeps the beginning and the end of too much, and says what is missing", () => {
    const file = new OutputFile(join(folder, "output.log"));
    for (let number = 0; number < 800_000; number++) file.add(Buffer.from(`${String(number).padStart(9)}\n`));
    file.close();
    const kept = readFileSync(file.path, "utf8");
    expect(file.isWhole).toBe(false);
    expect(kept.length).toBeLessThan(2 * mebibyte + 1000);
    expect(kept.startsWith("        0\n        1\n")).toBe(true);
    expect(kept.endsWith("   799998\n   799999\n")).toBe(true);
    const leftOut = Number(/\[nmzc: (\d+) bytes left out\]/.exec(kept)?.[1]);
    expect(leftOut + kept.length - `\n[nmzc: ${leftOut} bytes left out]\n`.length).toBe(8_000_000);
  });

  it("tells what the disk says", () => {
    const file = new OutputFile("/dev/full");
    expect(() => file.add(Buffer.from("x"))).toThrow(/ENOSPC/);
  });
});
