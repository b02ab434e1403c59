import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { completionScript } from "../../../../src/cli/completion/index.js";
import { programs } from "../../../../src/cli/index.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzt-bash-"));
  writeFileSync(join(folder, "completion.bash"), completionScript("bash", programs));
  writeFileSync(join(folder, "shake me.toml"), "");
  mkdirSync(join(folder, "shaken"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a real bash offers at the end of the line, cut into words as readline cuts them. */
function complete(line: string): string[] {
  const words = line.split(" ").flatMap((word) => word.split(/(?==)|(?<==)/));
  const script = `
    source ./completion.bash
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    COMP_LINE="$*"
    _nmz "$1"
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync("bash", ["--norc", "-c", script, "bash", ...words], {
    cwd: folder,
    encoding: "utf8",
  });
  return output.split("\n").filter((each) => each !== "");
}

describe("bash completion", () => {
  it.each([
    ["nmzc ", "run loop replay minimize report ps logs exec stop crash-fs prune container doctor completion"],
    ["nmzc r", "run replay report"],
    ["nmz con", "container config"],
    ["nmz inspectors f", "fs"],
    ["nmz inspectors fs --driver ", "kernel fuse-native"],
    ["nmz inspectors fs -driver k", "kernel"],
    ["nmz container ", "run loop replay minimize report ps logs exec stop crash-fs prune"],
    ["nmz config ", "show"],
    ["nmzc run --nmz-", "--nmz-autopilot --nmz-seed --nmz-test --nmz-disable --nmz-out --nmz-java"],
    ["nmz container run --nmz-", "--nmz-autopilot --nmz-seed --nmz-test --nmz-disable --nmz-out --nmz-java"],
    ["nmzc container run --cpu-s", "--cpu-shares"],
    ["nmzc run --rm -it --pul", "--pull"],
    ["nmzc run --pull ", "always missing never"],
    ["nmzc run --pull=", "always missing never"],
    ["nmzc run --pull=m", "missing"],
    ["nmzc run --nmz-disable f", "fs"],
    ["nmzc run -ita std", "stdin stdout stderr"],
    ["nmzc run --name web --pul", "--pull"],
    ["nmzc run -e A=1 --pul", "--pull"],
    ["nmzc run -eA=1 --pul", "--pull"],
    ["nmzc run --rm=false --pul", "--pull"],
    ["nmzc run --name ", ""],
    ["nmzc run --gp", ""],
    ["nmzc run img --pul", ""],
    ["nmzc run --rm img --pul", ""],
    ["nmzc run -- --pul", ""],
    ["nmzc logs web --fol", "--follow"],
    ["nmzc exec web --pri", ""],
    ["nmzc completion ", "bash zsh fish"],
    ["nmzc completion z", "zsh"],
    ["nmz --", "--engine --help --version"],
    ["nmzc --engine ", "docker podman embedded"],
    ["nmzc --engine podman pru", "prune"],
    ["/usr/bin/nmzc p", "ps prune"],
  ])("offers for `%s`: %s", (line, words) => {
    expect(complete(line).join(" ")).toBe(words);
  });

  it("offers files and folders where a flag takes them", () => {
    expect(complete("nmzc run --nmz-autopilot sha").sort()).toEqual(["shake me.toml", "shaken"]);
    expect(complete("nmzc run --nmz-out sha")).toEqual(["shaken"]);
    expect(complete("nmz config show sha").sort()).toEqual(["shake me.toml", "shaken"]);
  });
});
