import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readFlags } from "../../../src/cli/flags/index.js";
import { parseRun, runFlagSections } from "../../../src/cli/run/index.js";
import { requires } from "../../helpers/requires.js";
import { canonicalDockerBody, canonicalRequest } from "./canonical-body.js";
import { accepted, refused } from "./cases.js";
import {
  type DockerCommandLine,
  dockerCommandLineVersion,
  openDockerCommandLine,
} from "./docker-command-line.js";

requires("docker");

const rules = { path: "nmzc run", isInterspersed: false, hasShortHelp: false };
const flags = runFlagSections.flatMap((section) => section.flags);
const env = { FROM_HERE: "here", EMPTY: "" };
const folder = mkdtempSync(join(tmpdir(), "nmzt-oracle-"));
const version = dockerCommandLineVersion();
let docker: DockerCommandLine;

beforeAll(async () => {
  writeFileSync(
    join(folder, "env"),
    "\ufeff# comment\nA=1\n  B=two words \nFROM_HERE\nMISSING\nC='quoted'\n\nD=\n",
  );
  writeFileSync(join(folder, "labels"), "x=1\nalone\ny=a=b\n");
  writeFileSync(join(folder, "seccomp.json"), '{\n  "defaultAction": "SCMP_ACT_ALLOW"\n}\n');
  docker = await openDockerCommandLine(folder);
});
afterAll(async () => {
  await docker[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

function parseOurs(words: readonly string[]) {
  const read = readFlags(words, flags, rules);
  const readFile = (path: string) => readFileSync(resolve(folder, path));
  return parseRun(read.uses, read.args, { env, cwd: folder, readFile }, rules);
}

const title = (words: readonly string[]): string => words.join(" ");

describe("nmzc run beside docker's own command line", () => {
  for (const { words, minimumVersion } of accepted) {
    it.skipIf(version < minimumVersion)(`sends the same for "${title(words)}"`, async () => {
      const answer = await docker.create(words, env);
      expect(answer.stderr.replace(/^WARN.*\n?/gm, "")).toBe("");
      const request = parseOurs(words);
      expect(canonicalRequest(request)).toEqual(canonicalDockerBody(answer.body!));
      expect(request.name).toBe(answer.name);
    });
  }

  for (const { words, minimumVersion } of refused) {
    it.skipIf(version < minimumVersion)(`refuses the same: "${title(words)}"`, async () => {
      const answer = await docker.create(words, env);
      expect(answer.exitCode).not.toBe(0);
      expect(answer.body).toBeUndefined();
      expect(() => parseOurs(words)).toThrow();
    });
  }
});
