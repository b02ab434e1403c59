import { mkdtempSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MountedFolder, originalHooks } from "../../helpers/mounted-folder.js";
import { requires } from "../../helpers/requires.js";
import { type ProgramResult, runProgram } from "./run-program.js";
import { type Stressor, stressors } from "./stressors.js";

requires("root", "fuse", "built", "stress-ng");

/** "passed", or why not: stress-ng tells a failed check (exit code 2) from a stressor that the machine lacks (code 0, "skipp…"). */
function verdict({ code, output }: ProgramResult): string {
  const complaint = output
    .split("\n")
    .filter((line) => /fail|error|skipp|not supported|no resource|unrecognized/i.test(line))
    .filter((line) => !/successful run|skipped: 0|failed: 0|passed/.test(line))
    .map((line) => line.replace(/^.*\[\d+\] */, "").replace(/\/\S+/g, "…"));
  if (code === 0 && complaint.length === 0) return "passed";
  return complaint[0] ?? `exit code ${code}`;
}

async function stress(folder: string, { name, args }: Stressor): Promise<string> {
  const place = mkdtempSync(`${folder}/stress-`);
  // A relative path: given an absolute one, the io-uring stressor of stress-ng 0.15 asks for a file that is not there.
  const options = ["--temp-path", ".", "--verify", "--timeout", "1", `--${name}`, "2", ...args];
  return verdict(await runProgram("stress-ng", options, { cwd: place, timeoutMs: 40_000 }));
}

describe("stress-ng --verify", () => {
  let folder: MountedFolder;
  beforeAll(async () => {
    folder = await MountedFolder.mount({ hooks: originalHooks });
  });
  afterAll(async () => {
    // The stressors of inode flags leave immutable files behind, which nobody can remove.
    await runProgram("chattr", ["-R", "-f", "-ia", folder.source, folder.plain], { timeoutMs: 20_000 });
    await folder?.unmount();
  });

  it.concurrent.each(stressors)("is content with $what", async (stressor) => {
    const inside = await stress(folder.path, stressor);
    if (inside === "passed" || stressor.refusal?.test(inside)) return;
    // What this machine refuses on the plain folder too is not ours; anything else is.
    const plain = await stress(folder.plain, stressor);
    process.stderr.write(
      `stress-ng ${stressor.name}: "${inside}" in the volume, "${plain}" on the plain folder\n`,
    );
    expect(inside).toBe(plain);
  });
});
