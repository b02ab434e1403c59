import { readFlags } from "../../../../src/cli/flags/index.js";
import { parseRun, runFlagSections } from "../../../../src/cli/run/index.js";
import type { RunRequest } from "../../../../src/container/run-request.js";

const files: Readonly<Record<string, string>> = {
  env: "\ufeff# comment\nA=1\n  B=two words \nFROM_HERE\nMISSING\nC='quoted'\n\nD=\n",
  windows: "A=1\r\nB=2\r\n",
  noname: "=x\n",
  spaces: "A B=x\n",
  labels: "x=1\nalone\ny=a=b\n",
  "/cwd/seccomp.json": '{\n  "defaultAction": "SCMP_ACT_ALLOW"\n}\n',
  "/cwd/broken.json": "{",
};

const rules = { path: "nmzc run", isInterspersed: false, hasShortHelp: false };
const flags = runFlagSections.flatMap((section) => section.flags);

/** `nmzc run LINE`, cut at spaces; "␣" is a space in a word. */
export function parse(line: string, env: Readonly<Record<string, string>> = {}): RunRequest {
  const words = line.split(" ").map((word) => word.replaceAll("␣", " "));
  const read = readFlags(words, flags, rules);
  const readFile = (path: string): Buffer => {
    const text = files[path];
    if (text === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    return Buffer.from(text);
  };
  const surroundings = { env: { FROM_HERE: "here", EMPTY: "", ...env }, cwd: "/cwd", readFile };
  return parseRun(read.uses, read.args, surroundings, rules);
}
