import { execFileSync, type SpawnSyncReturns, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requires } from "../../helpers/requires.js";
import { makeMinimalPath } from "./minimal-path.js";

requires("root", "built", "git", "javac", "ssh-keygen", "tar", "unshare");

const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const tarball = `nmzc-${version}.tgz`;
/** Two builds and an installation, on a machine that may be busy. */
const patienceMs = 420_000;

let folder: string;
let release: string;

beforeAll(() => {
  folder = mkdtempSync("/var/tmp/nmzc-release-test.");
  release = join(folder, "release");
  const made = spawnSync("scripts/release", ["--dry-run", "--without-image", "--out", release], {
    encoding: "utf8",
  });
  if (made.status !== 0) throw new Error(`scripts/release --dry-run failed:\n${made.stderr}`);
}, patienceMs);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("scripts/release --dry-run", () => {
  it("makes the package, the list of components, notes, checksums and a signature", () => {
    expect(readdirSync(release).sort()).toEqual(
      [
        "RELEASE-NOTES.md",
        "SHA256SUMS",
        "SHA256SUMS.sig",
        "allowed_signers",
        `nmzc-${version}.cdx.json`,
        tarball,
      ].sort(),
    );
    expect(readFileSync(join(release, "RELEASE-NOTES.md"), "utf8")).toContain(`# nmzc ${version}, `);
  });

  it("lists everything that is installed, by name, version, licence and hash", () => {
    const bom = JSON.parse(readFileSync(join(release, `nmzc-${version}.cdx.json`), "utf8"));
    const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
    const names = new Set(bom.components.map(({ name }: { name: string }) => name));
    expect([...Object.keys(dependencies), "byteman"].filter((name) => !names.has(name))).toEqual([]);
    expect(bom.components.filter((each: { licenses?: unknown[] }) => !each.licenses?.length)).toEqual([]);
  });

  it("does not mix its files with those that are there", () => {
    const { status, stderr } = spawnSync("scripts/release", ["--dry-run", "--out", release], {
      encoding: "utf8",
    });
    expect(stderr).toContain("is not empty");
    expect(status).toBe(1);
  });
});

describe("What docs/release.md says of verifying", () => {
  const commands = /## Verify[\s\S]*?```sh\n([\s\S]*?)```/.exec(readFileSync("docs/release.md", "utf8"))![1]!;
  const verify = (where: string) => spawnSync("sh", ["-e", "-c", commands], { cwd: where, encoding: "utf8" });

  it("finds a release whole", () => {
    const { status, stdout } = verify(release);
    expect(stdout).toContain('Good "nmzc" signature for release@nmzc');
    expect(stdout).toContain(`${tarball}: OK`);
    expect(status).toBe(0);
  });

  it.each(["SHA256SUMS", tarball, `nmzc-${version}.cdx.json`])(
    "refuses a byte that was changed in %s",
    (name) => {
      const changed = mkdtempSync(join(folder, "changed-"));
      cpSync(release, changed, { recursive: true });
      const bytes = readFileSync(join(changed, name));
      const middle = bytes.length >> 1;
      bytes[middle] = bytes[middle]! ^ 1;
      writeFileSync(join(changed, name), bytes);
      expect(verify(changed).status).not.toBe(0);
    },
  );

  it("refuses a signature of another key", () => {
    const forged = mkdtempSync(join(folder, "forged-"));
    cpSync(release, forged, { recursive: true });
    const key = join(forged, "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    rmSync(join(forged, "SHA256SUMS.sig"));
    execFileSync("ssh-keygen", ["-q", "-Y", "sign", "-n", "nmzc", "-f", key, "SHA256SUMS"], {
      cwd: forged,
      stdio: "pipe",
    });
    expect(verify(forged).status).not.toBe(0);
  });
});

describe("The package from the tarball", () => {
  let project: string;
  let env: NodeJS.ProcessEnv;
  /** Without a network: what is missing then would have been fetched at run time. */
  const offline = (...words: string[]): SpawnSyncReturns<string> =>
    spawnSync("/usr/bin/unshare", ["--net", ...words], {
      cwd: project,
      env,
      encoding: "utf8",
      timeout: 60_000,
    });

  beforeAll(() => {
    project = join(folder, "project");
    const home = join(folder, "home");
    mkdirSync(project);
    mkdirSync(home);
    writeFileSync(join(home, "npmrc"), "");
    const cache = execFileSync("npm", ["config", "get", "cache"], { encoding: "utf8" }).trim();
    env = {
      HOME: home,
      PATH: makeMinimalPath(folder),
      npm_config_userconfig: join(home, "npmrc"),
      npm_config_cache: cache,
      npm_config_update_notifier: "false",
    };
    writeFileSync(
      join(project, "package.json"),
      '{ "name": "project", "private": true, "type": "module" }\n',
    );
    const words = [
      "install",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--prefer-offline",
      join(release, tarball),
    ];
    const install = spawnSync("npm", words, { cwd: project, env, encoding: "utf8" });
    if (install.status !== 0) throw new Error(`npm install failed:\n${install.stderr}`);
  }, patienceMs);

  it("says its version through npx", () => {
    expect(offline("npx", "nmzc", "--version").stdout).toBe(`nmzc ${version}\n`);
    expect(offline("npx", "nmz", "--version").stdout).toBe(`nmz ${version}\n`);
  });

  it("says what the machine can do", () => {
    const { status, stdout, stderr } = offline("npx", "nmz", "doctor");
    expect(stdout).toMatch(/proc/);
    expect(stderr).not.toContain("Cannot find");
    expect([0, 1]).toContain(status);
  });

  it("shakes the threads of a command", () => {
    const { status, stderr } = offline("npx", "nmz", "inspectors", "proc", "--", "sh", "-c", "exit 7");
    expect(stderr).toMatch(/seed [\da-f]{16}/);
    expect(status).toBe(7);
  });

  it("is what a policy in TypeScript imports, with types and without development packages", () => {
    writeFileSync(
      join(project, "late.ts"),
      `import { definePolicy, duration, PacketEvent, PolicyTrial } from "nmzc";

export const late = definePolicy({
  name: "late-packets",
  summary: "Every packet is late.",
  params: { by: duration(40, { meaning: "how late" }) },
  create: ({ params, delay }) => ({
    onEvent: (event) => (event instanceof PacketEvent ? delay(event, params.by) : undefined),
  }),
});
export const isTrial: boolean = typeof PolicyTrial === "function";
`,
    );
    const compiler = resolve("node_modules/.bin/tsc");
    const words = ["--strict", "--module", "nodenext", "--target", "es2023", "--types", "", "late.ts"];
    const compiled = spawnSync(compiler, words, { cwd: project, encoding: "utf8" });
    expect(compiled.stdout).toBe("");
    const imports = 'import("./late.js").then(({ late, isTrial }) => console.log(late.name, isTrial))';
    expect(offline("node", "-e", imports).stdout).toBe("late-packets true\n");
    rmSync(join(project, "late.js"));
    expect(offline("npx", "nmz", "policies", "show", "./late.ts").stdout).toContain("Every packet is late.");
    writeFileSync(join(project, "late.toml"), 'explorePolicy = "./late.ts"\n');
    const run = offline("npx", "nmz", "inspectors", "proc", "--autopilot", "late.toml", "--", "true");
    expect(run.status, run.stderr).toBe(0);
  });

  it("has what else it ships: presets, the report's page, the agent", () => {
    const run = offline("npx", "nmz", "inspectors", "proc", "--preset", "threads", "--", "true");
    expect(run.stderr).not.toContain("is missing");
    expect(run.status).toBe(0);
    expect(readdirSync(join(project, "node_modules/nmzc/dist/agents/java"))).toContain("nmz-java.jar");
  });
});
