import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { completionScript } from "../../../src/cli/completion/index.js";
import { programs } from "../../../src/cli/index.js";
import { requires } from "../../helpers/requires.js";

requires("zsh");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzt-zsh-"));
  mkdirSync(join(folder, "fpath"));
  writeFileSync(join(folder, "completion.zsh"), completionScript("zsh", programs));
  writeFileSync(join(folder, "fpath", "_nmzc"), completionScript("zsh", programs));
  writeFileSync(join(folder, "shake.toml"), "");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Types each line and a tab into a real zsh, then " X"; what the command would have been given. */
function complete(lines: readonly string[], setup: string): string[] {
  const script = `
    zmodload zsh/zpty
    zpty shell 'TERM=dumb zsh -f -i'
    zpty -w shell "PS1=; PROMPT_SP=; autoload -Uz compinit; ${setup}; nmzc() { print -r -- GIVEN: \\"\\$@\\" }; nmz() { print -r -- GIVEN: \\"\\$@\\" }; print RE''ADY"
    zpty -r shell out '*READY*'
    for line in "$@"; do
      zpty -w -n shell "$line"$'\\t'
      sleep 0.2
      zpty -w shell ' X'
      out=; zpty -r shell out $'*GIVEN:*X[\\r\\n]*'
      print -r -- $out
    done
    zpty -d shell`;
  const output = execFileSync("zsh", ["-f", "-c", script, "zsh", ...lines], {
    cwd: folder,
    encoding: "utf8",
    timeout: 50_000,
  });
  return [...output.matchAll(/^GIVEN: (.*?) X\r*$/gm)].map((match) => match[1]!);
}

const cases: readonly (readonly [line: string, given: string])[] = [
  ["nmzc docto", "doctor"],
  ["nmz config sho", "config show"],
  ["nmzc run --nmz-o", "run --nmz-out"],
  ["nmz container run --pull nev", "container run --pull never"],
  ["nmzc run --rm -it --pull=miss", "run --rm -it --pull=missing"],
  ["nmzc run --name web --nmz-s", "run --name web --nmz-seed"],
  ["nmzc run --nmz-autopilot sha", "run --nmz-autopilot shake.toml"],
  ["nmzc run img --pul", "run img --pul"],
  ["nmzc logs web --follo", "logs web --follow"],
  ["nmzc completion fi", "completion fish"],
];

describe("zsh completion", () => {
  it("completes commands, flags and values when it is sourced", () => {
    const given = complete(
      cases.map(([line]) => line),
      "compinit -u -D; source ./completion.zsh",
    );
    expect(given).toEqual(cases.map(([, words]) => words));
  });

  it("completes from the first tab on when it lies in fpath", () => {
    const given = complete(["nmzc docto", "nmz config sho"], "fpath=($PWD/fpath \\$fpath); compinit -u -D");
    expect(given).toEqual(["doctor", "config show"]);
  });
});
