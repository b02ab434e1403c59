import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isMounted } from "../../../runtime/kernel/index.js";
import { requires } from "../../helpers/requires.js";
import { type StartedNmzc, startNmzc } from "../../helpers/run-nmzc.js";
import { attached, interrupted, Workplace } from "./inspector-command.js";

requires("root", "fuse", "built");

const policyFile = fileURLToPath(
  new URL("../../../examples/policies/crash-after-rename.ts", import.meta.url),
);
const fsKeys =
  '[fs]\ncrash = true\nhooks = ["pre-create", "pre-write", "pre-truncate", "pre-fsync", "pre-rename"]\n';

let workplace: Workplace;
let original: string;
let mountPoint: string;
beforeEach(() => {
  workplace = new Workplace();
  original = workplace.folder("original");
  mountPoint = workplace.folder("mount");
  writeFileSync(`${original}/config`, "a=1\n");
});
afterEach(() => {
  if (isMounted(mountPoint)) execFileSync("umount", ["-l", mountPoint]);
  workplace.remove();
});

/** In a process of its own: whoever serves files must not wait for itself. */
function shell(script: string): string {
  return execFileSync("sh", ["-c", script], { cwd: mountPoint, encoding: "utf8", timeout: 20_000 });
}

function start(...words: readonly string[]): Promise<StartedNmzc> {
  return attached("fs", "--original-dir", original, "--mount-point", mountPoint, ...words);
}

function config(policy: string): string {
  return workplace.file("crash.toml", `explorePolicy = ${JSON.stringify(policy)}\n${fsKeys}`);
}

function configFile(): string {
  return readFileSync(`${original}/config`, "utf8");
}

describe("a policy that crashes file systems", () => {
  it("loses what sed -i had renamed into its place without a sync, and the mount goes on serving", async () => {
    const nmz = await start("--autopilot", config(policyFile));
    shell("sed -i s/1/2/ config");
    await nmz.stderrHas("the power is cut after the rename of ");
    await expect.poll(configFile, { timeout: 10_000 }).toBe("");
    expect(shell("cat config; echo more > next; cat next")).toBe("more\n");
    const said = await interrupted(nmz);
    expect(said).toMatch(/\bcrash 1\b/);
    expect(readFileSync(`${original}/next`, "utf8")).toBe("more\n");
  });

  it("does nothing to a program that syncs before it renames", async () => {
    const nmz = await start("--autopilot", config(policyFile));
    shell("echo a=2 | dd of=config.new conv=fsync status=none; mv config.new config");
    expect(await interrupted(nmz)).not.toMatch(/\bcrash \d/);
    expect(configFile()).toBe("a=2\n");
  });

  it("is replayed at the same rename", async () => {
    const script = "echo a=2 > config.new; mv config.new config";
    const out = `${workplace.path}/out`;
    const recorded = await start("--autopilot", config(policyFile), "--nmz-out", out);
    shell(script);
    await expect.poll(configFile, { timeout: 10_000 }).toBe("");
    await interrupted(recorded);
    writeFileSync(`${original}/config`, "a=1\n");
    const replayed = await start("--autopilot", config(`replay:${out}/latest`));
    shell(script);
    await expect.poll(configFile, { timeout: 10_000 }).toBe("");
    const said = await interrupted(replayed);
    expect(said).toContain("replayed 1 of 1 decision");
    expect(said).toMatch(/\bcrash 1\b/);
  });

  it("says that nothing can crash where fs.crash is off", async () => {
    const off = config(policyFile);
    writeFileSync(off, readFileSync(off, "utf8").replace("crash = true\n", ""));
    const nmz = await start("--autopilot", off);
    shell("sed -i s/1/2/ config");
    expect(configFile()).toBe("a=2\n");
    expect(await interrupted(nmz)).toContain("no file system here can crash");
  });
});

describe("POST /api/v3/control?op=crashFs", () => {
  let orchestrator: StartedNmzc;
  let url: string;
  beforeEach(async () => {
    orchestrator = startNmzc(
      ["orchestrator", "--rest-port", "0", workplace.file("dumb.toml", 'explorePolicy = "dumb"\n')],
      {
        command: "nmz",
      },
    );
    url = await restUrl(orchestrator);
  });
  afterEach(async () => {
    orchestrator.process.kill("SIGKILL");
    await orchestrator.finished;
  });

  async function restUrl(started: StartedNmzc): Promise<string> {
    let said = "";
    started.process.stdout!.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    await started.stdoutHas("/api/v3");
    return /http:\S+\/api\/v3/.exec(said)![0];
  }

  async function crash(entity?: string): Promise<readonly [status: number, body: unknown]> {
    const query = entity === undefined ? "" : `&entity=${encodeURIComponent(entity)}`;
    const response = await fetch(`${url}/control?op=crashFs${query}`, { method: "POST" });
    return [response.status, await response.json()];
  }

  function refusal(code: string) {
    return { error: expect.objectContaining({ code }) };
  }

  it("takes back what was not synced below an inspector in another process, and says what", async () => {
    const nmz = await start("--crash", "--orchestrator-url", url, "--entity-id", "disk");
    await expect.poll(async () => (await crash("disk"))[0], { timeout: 10_000 }).toBe(200);
    shell("printf safe > safe; sync safe; printf lost > log");
    expect(await crash("tape")).toEqual([404, refusal("NMZ_REST_CRASH_ENTITY")]);
    expect(await crash("disk")).toEqual([
      200,
      { crashed: [{ entities: ["disk"], failed: [], lost: [{ bytes: 4, path: "log", writes: 1 }] }] },
    ]);
    expect(shell("cat safe log")).toBe("safe");
    expect(await crash()).toEqual([200, { crashed: [{ entities: ["disk"], failed: [], lost: [] }] }]);
    expect(await interrupted(nmz)).toMatch(/\bcrash \d+\b/);
    await expect.poll(crash, { timeout: 10_000 }).toEqual([409, refusal("NMZ_REST_CRASH_NOBODY")]);
    orchestrator.process.kill("SIGINT");
    expect((await orchestrator.finished).stdout).toMatch(/\bcrash \d+\b/);
  });

  it("is refused where no inspector remembers what was not synced", async () => {
    const nmz = await start("--orchestrator-url", url);
    expect(await crash()).toEqual([409, refusal("NMZ_REST_CRASH_NOBODY")]);
    await interrupted(nmz);
  });
});
