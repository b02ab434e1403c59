import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { shellRunner } from "../../../src/orchestrator/run-shell.js";

const patience = { timeout: 8_000, interval: 5 };

let folder: string;
let lines: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzt-shell-"));
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("shellRunner", () => {
  it("runs a command in a shell, and has nothing to say when all is well", async () => {
    const file = join(folder, "out");
    shellRunner((line) => lines.push(line))(`echo $((40 + 2)) > ${file}.new && mv ${file}.new ${file}`);
    await vi.waitFor(() => expect(existsSync(file)).toBe(true), patience);
    expect(readFileSync(file, "utf8")).toBe("42\n");
    expect(lines).toEqual([]);
  });

  it("tells of each kind of failure once", async () => {
    const run = shellRunner((line) => lines.push(line));
    for (const command of ["exit 3", "exit 3", "kill -9 $$", "exit 3"]) run(command);
    await vi.waitFor(() => expect(lines).toHaveLength(2), patience);
    run("exit 4");
    await vi.waitFor(() => expect(lines).toHaveLength(3), patience);
    expect(lines.filter((line) => line.endsWith("exit code 3"))).toHaveLength(1);
    expect(lines.filter((line) => line.endsWith("SIGKILL"))).toHaveLength(1);
  });

  it("says of so many commands that they fail, and no more", async () => {
    const run = shellRunner((line) => lines.push(line));
    for (let index = 0; index < 120; index++) run(`exit 1 # ${index}`);
    await vi.waitFor(() => expect(lines).toHaveLength(100), patience);
  });
});
