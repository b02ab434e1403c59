import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, openEngine } from "../../../runtime/engine/index.js";
import { readFlags } from "../../../src/cli/flags/index.js";
import { parseRun, runFlagSections } from "../../../src/cli/run/index.js";
import { baseImage, requires } from "../../helpers/requires.js";
import { lastOfEach } from "./canonical-body.js";
import { accepted } from "./cases.js";
import { dockerCommandLineVersion } from "./docker-command-line.js";

requires("docker", "base-image");

const rules = { path: "nmzc run", isInterspersed: false, hasShortHelp: false };
const flags = runFlagSections.flatMap((section) => section.flags);
const env = { FROM_HERE: "here", EMPTY: "" };
const folder = mkdtempSync(join(tmpdir(), "nmzt-oracle-"));
const version = dockerCommandLineVersion();
let engine: Engine;

beforeAll(async () => {
  writeFileSync(join(folder, "env"), "A=1\nFROM_HERE\nMISSING\n");
  writeFileSync(join(folder, "labels"), "x=1\ny=a=b\n");
  writeFileSync(join(folder, "seccomp.json"), '{"defaultAction":"SCMP_ACT_ALLOW"}');
  engine = await openEngine();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Volumes do not reach the engine as they were written: the fs inspector stands in between. */
const isAboutVolumes = (words: readonly string[]): boolean =>
  words.some((word) => /^(-v|--volume|--mount)/.test(word));

/** One case for each combination of flags: their values were compared one by one in same-body.test.ts. */
const flagNames = (words: readonly string[]): string =>
  words
    .filter((word) => word.startsWith("-"))
    .map((word) => word.split("=", 1)[0])
    .join(" ");

const all = accepted.filter(
  ({ words, minimumVersion }) => version >= minimumVersion && !isAboutVolumes(words),
);
const cases = [...new Map(all.reverse().map(({ words }) => [flagNames(words), words])).values()]
  .reverse()
  .map((words) => withCommand(words.map((word) => (word === "img" ? baseImage : word))));

/** The base image has no command of its own. */
function withCommand(words: readonly string[]): readonly string[] {
  return words.at(-1) === baseImage ? [...words, "true"] : words;
}

/** WORDS of "docker: Error response from daemon: WORDS: details"; details may be in any order. */
function engineWords(stderr: string): string {
  return /Error response from daemon: ([^:\n]*)/.exec(stderr)?.[1] ?? stderr;
}

/** What the engine made of a create request, without what differs between any two containers. */
function inspect(id: string): unknown {
  const [container] = JSON.parse(execFileSync("docker", ["inspect", id], { encoding: "utf8" })) as {
    Config: Record<string, unknown> & { Env: string[] | null };
    HostConfig: Record<string, unknown>;
    NetworkSettings: { Networks: Record<string, Record<string, unknown>> };
  }[];
  const { Config, HostConfig, NetworkSettings } = container!;
  const { Hostname, ...config } = Config;
  const { ContainerIDFile, ConsoleSize, RestartPolicy, ...host } = HostConfig;
  const isOwnHostname = id.startsWith(String(Hostname));
  const networks = Object.entries(NetworkSettings.Networks).map(([name, endpoint]) => {
    const { Aliases, IPAMConfig, Links, DriverOpts } = endpoint;
    return { name, Aliases, IPAMConfig, Links, DriverOpts };
  });
  return {
    Config: withoutNothing({
      ...config,
      Hostname: isOwnHostname ? "" : Hostname,
      Env: lastOfEach(Config.Env ?? []),
    }),
    HostConfig: withoutNothing(host),
    networks: networks.map(withoutNothing),
  };
}

/** The engine keeps null, [] and {} apart as they were sent, and means the same by them. */
function withoutNothing(record: Record<string, unknown>): Record<string, unknown> {
  const isNothing = (value: unknown): boolean =>
    value === null ||
    value === "" ||
    value === false ||
    (typeof value === "object" && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(record).filter(([, value]) => !isNothing(value)));
}

describe("a container made of our request beside one that docker made", () => {
  it.for(cases.map((words) => [words.join(" "), words] as const))(
    "is the same for `%s`",
    async ([, words], context) => {
      const docker = spawnSync("docker", ["create", ...words], {
        cwd: folder,
        encoding: "utf8",
        env: { PATH: process.env["PATH"], HOME: folder, ...env },
      });
      const read = readFlags(words, flags, rules);
      const readFile = (path: string): Buffer => readFileSync(resolve(folder, path));
      const request = parseRun(read.uses, read.args, { env, cwd: folder, readFile }, rules);
      const { name, platform } = request;
      const body = {
        ...request.body,
        HostConfig: { ...request.body.HostConfig, AutoRemove: request.removeAtEnd },
      };
      const options = {
        ...(name === undefined ? {} : { name }),
        ...(platform === undefined ? {} : { platform }),
      };
      if (docker.status !== 0) {
        // Docker's command line knows what this engine is too old for; what the engine itself refuses, it must refuse of us.
        if (docker.stderr.includes("requires API version")) return context.skip();
        await expect(engine.createContainer(body, options)).rejects.toThrow(engineWords(docker.stderr));
        return;
      }
      const expected = inspect(docker.stdout.trim());
      execFileSync("docker", ["rm", "-v", docker.stdout.trim()]);
      const { id } = await engine.createContainer(body, options);
      const made = inspect(id);
      await engine.removeContainer(id, { force: true, volumes: true });
      expect(made).toEqual(expected);
    },
  );
});
