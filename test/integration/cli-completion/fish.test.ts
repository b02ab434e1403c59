import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { completionScript } from "../../../src/cli/completion/index.js";
import { programs } from "../../../src/cli/index.js";
import { requires } from "../../helpers/requires.js";

requires("fish");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzt-fish-"));
  writeFileSync(join(folder, "completion.fish"), completionScript("fish", programs));
  writeFileSync(join(folder, "shake.toml"), "");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a real fish offers at the end of the line. */
function complete(line: string): string {
  const output = execFileSync(
    "fish",
    ["--private", "-c", "source completion.fish; complete -C $argv[1]", line],
    {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: process.env["PATH"] ?? "", HOME: folder },
    },
  );
  const words = output.split("\n").map((row) => row.split("\t", 1)[0]!);
  return words.filter((word) => word !== "").join(" ");
}

describe("fish completion", () => {
  it.each([
    ["nmzc ", "completion container crash-fs doctor exec logs loop minimize prune ps replay report run stop"],
    ["nmz config ", "show"],
    ["nmz tools ", "analyze dump-trace import summary visualize"],
    ["nmz init --f", "--force"],
    ["nmz container ", "crash-fs exec logs loop minimize prune ps replay report run stop"],
    ["nmzc run --nmz-", "--nmz-autopilot --nmz-disable --nmz-java --nmz-out --nmz-seed --nmz-test"],
    ["nmz container run --nmz-o", "--nmz-out"],
    ["nmzc run --pull ", "always missing never"],
    ["nmzc run -it --pull=m", "--pull=missing"],
    ["nmzc run --name web --pul", "--pull"],
    ["nmzc run --nmz-autopilot sha", "shake.toml"],
    ["nmzc run --rm img --pul", ""],
    ["nmzc logs web --fo", "--follow"],
    ["nmzc completion ", "bash fish zsh"],
  ])("offers for `%s`: %s", (line, words) => {
    expect(complete(line)).toBe(words);
  });
});
