import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { requires } from "../../helpers/requires.js";
import { TestNetns } from "../ethernet/test-netns.js";
import { freePort, Workplace } from "./workplace.js";

// Folders of ours in the shapes of Namazu's example folders: what each kind of them asks of `nmz run`.
requires("root", "bash", "netns", "ip", "nfqueue", "built");

const nmz = fileURLToPath(new URL("../../../dist/bin/nmz.js", import.meta.url));
const messages = fileURLToPath(new URL("../../fixtures/packets/tcp-messages.mjs", import.meta.url));

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => place.remove());

const library = [
  "function INFO(){",
  '    echo -e "\\e[104m\\e[97m[INFO]\\e[49m\\e[39m $@"',
  "}",
  "function WAIT_UNTIL(){",
  '    until eval "$1"; do sleep 0.05; done',
  "}",
];

/** A script for bash that reads lib.sh, as those of the examples do. */
function bash(name: string, ...lines: readonly string[]): void {
  place.script(name, ...lines);
  const file = join(place.materials, name);
  writeFileSync(file, `#!/bin/bash\n. \${NMZ_MATERIALS_DIR}/lib.sh\n${lines.join("\n")}\nexit $?\n`);
}

async function init(config: string, ...words: readonly string[]): Promise<void> {
  writeFileSync(join(place.materials, "lib.sh"), `#!/bin/bash\n${library.join("\n")}\n`);
  const { exitCode, stderr } = await place.nmz("init", ...words, config, "materials", place.storage);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
}

function inRun(name: string, run = "00000000"): string {
  return join(place.storage, run, name);
}

/** What actions there were, and what they were for. */
function actions(run = "00000000"): string[] {
  const folder = inRun("actions", run);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".action.json"))
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as { class: string; entity: string })
    .map((action) => `${action.class} ${action.entity}`);
}

describe("an experiment that catches packets by a rule of its own (zk-found-2212.nfqhook, zk-repro-2080.nfqhook)", () => {
  let netns: TestNetns;
  beforeEach(() => {
    netns = new TestNetns();
  });
  afterEach(() => netns.remove());

  it("runs, in as many runs as one likes", async () => {
    const config = place.config([
      'init = "init.sh"',
      'run = "run.sh"',
      'validate = "validate.sh"',
      'clean = "clean.sh"',
      "restPort = 10080",
      'explorePolicy = "random"',
      "[explorePolicyParam]",
      ' minInterval = "3ms"',
      ' maxInterval = "10ms"',
    ]);
    bash("init.sh", "set -e", "hash iptables", "mkdir $NMZ_MATERIALS_DIR/built");
    bash(
      "run.sh",
      "set -e",
      "test -d $NMZ_MATERIALS_DIR/built",
      'INFO "Installing iptables rule"',
      "iptables -A OUTPUT -p tcp --dport 5001 -j NFQUEUE --queue-num 42",
      `"${process.execPath}" "${nmz}" inspectors ethernet -nfq-number 42 -entity-id _namazu_ether_inspector -orchestrator-url http://localhost:10080/api/v3 > \${NMZ_WORKING_DIR}/inspector.log 2>&1 &`,
      "pid=$!",
      "echo $pid > $NMZ_WORKING_DIR/inspector.pid",
      'WAIT_UNTIL "grep -qs ethernet: $NMZ_WORKING_DIR/inspector.log"',
      "result=0",
      `("${process.execPath}" "${messages}" 127.0.0.1 3 > \${NMZ_WORKING_DIR}/messages.log) || result=$?`,
      "echo $result > $NMZ_WORKING_DIR/messages.result",
      "iptables -D OUTPUT -p tcp --dport 5001 -j NFQUEUE --queue-num 42",
      "kill $pid",
      "wait $pid || true",
    );
    bash("validate.sh", "exit $(cat $NMZ_WORKING_DIR/messages.result)");
    bash("clean.sh", "# nop");
    await init(config);
    for (const run of ["00000000", "00000001"]) {
      const words = ["netns", "exec", netns.name, process.execPath, nmz, "run", place.storage];
      const { stderr } = await promisify(execFile)("ip", words); // throws unless the exit code is 0
      expect(stderr).toBe("");
      const seen = new Set(actions(run));
      expect([...seen]).toEqual(["EventAcceptanceAction _namazu_ether_inspector"]);
    }
    expect(netns.run("iptables-save", "-t", "filter")).not.toContain("NFQUEUE");
    expect((await place.nmz("summary", place.storage)).stdout).toMatch(/^runs {10}2\nfailures {6}0\n/);
    const { stdout } = await place.nmz("tools", "visualize", "-mode", "gnuplot", place.storage);
    expect(stdout).toMatch(/^1 1\n2 [12]\n$/);
  });
});

describe("an experiment whose processes live until clean (etcd/3517-reproduce, zk-found-2212.ryu)", () => {
  const config = (): string =>
    place.config([
      'run = "run.sh"',
      'validate = "validate.sh"',
      'clean = "clean.sh"',
      "restPort = 0",
      'explorePolicy = "random"',
      'notCleanIfValidationFail= "true"',
      "[explorePolicyParam]",
      ' minInterval = "5ms"',
      '# storageType = "mongodb"',
    ]);
  const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}/stat`);
  let pid: number | undefined;
  afterEach(() => {
    if (pid !== undefined && isAlive(pid)) process.kill(pid, "SIGKILL");
    pid = undefined;
  });
  const switchPid = (): number => Number(readFileSync(inRun("switch.pid"), "utf8"));

  beforeEach(() => {
    bash(
      "run.sh",
      "sleep 300 > $NMZ_WORKING_DIR/switch.log 2>&1 &",
      "echo $! > $NMZ_WORKING_DIR/switch.pid",
      'INFO "started"',
      "exit 0",
    );
    bash("clean.sh", "mkdir $NMZ_WORKING_DIR/logs", "kill -9 $(cat $NMZ_WORKING_DIR/switch.pid)");
  });

  it("validates them alive, and then cleans", async () => {
    bash("validate.sh", "kill -0 $(cat $NMZ_WORKING_DIR/switch.pid)");
    await init(config());
    expect((await place.nmz("run", place.storage)).exitCode).toBe(0);
    pid = switchPid();
    expect(existsSync(inRun("logs"))).toBe(true);
    await vi.waitFor(() => expect(isAlive(pid!)).toBe(false), 10_000);
  });

  it('leaves them after a failure, where "true" is written as a string', async () => {
    bash("validate.sh", "exit 4");
    await init(config());
    expect((await place.nmz("run", place.storage)).exitCode).toBe(1);
    pid = switchPid();
    expect(isAlive(pid)).toBe(true);
    expect(existsSync(inRun("logs"))).toBe(false);
  });
});

describe("an experiment that waits for its user (template)", () => {
  it("goes on when the file is gone that it waits for", async () => {
    bash(
      "run.sh",
      "set -e",
      "TMP=$(mktemp $NMZ_WORKING_DIR/wait.XXXXX)",
      'echo -e "PAUSING. remove $TMP to continue"',
      'WAIT_UNTIL "[ ! -e $TMP ]"',
    );
    await init(
      place.config([
        'run = "run.sh"',
        '# validate = "validate.sh"',
        `restPort = ${await freePort()}`,
        "[explorePolicyParam]",
        '  minInterval = "80ms"',
        '  maxInterval = "3000ms"',
        '  shellActionInterval = "5000ms"',
        '  shellActionCommand = "echo hello $(date)"',
        "  faultActionProbability = 0.5",
      ]),
    );
    const run = place.start("run", place.storage);
    await run.stdoutHas("to continue");
    for (const name of readdirSync(inRun(""))) if (name.startsWith("wait.")) rmSync(inRun(name));
    expect((await run.finished).exitCode).toBe(0);
  });
});

describe("an experiment of 2015 (not-so-much-useful.UNMAINTAINED)", () => {
  it("has its config in JSON, and scripts that know the variables by their old names", async () => {
    const config = join(place.path, "config.json");
    writeFileSync(config, '{\n\t"run": "deep/run.sh",\n\t"validate": "validate.sh"\n}\n');
    mkdirSync(join(place.materials, "deep"));
    place.script("deep/run.sh", 'cp "$EQ_MATERIALS_DIR/lib.sh" "$EQ_WORKING_DIR/copy"');
    place.script("validate.sh", '[ "$EQ_WORKING_DIR" = "$NMZ_WORKING_DIR" ] && cat "$EQ_WORKING_DIR/copy"');
    await init(config);
    const { exitCode, stdout } = await place.nmz("run", place.storage);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("function INFO(){");
  });
});
