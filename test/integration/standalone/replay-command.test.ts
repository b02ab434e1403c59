import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { requires } from "../../helpers/requires.js";
import { runNmzc, startNmzc } from "../../helpers/run-nmzc.js";
import { attached, interrupted, Workplace } from "./inspector-command.js";

requires("root", "built");

const workplace = new Workplace();
let shaken = "";
beforeAll(() => {
  shaken = workplace.file(
    "mild.toml",
    'explorePolicy = "random"\n[explorePolicyParam]\nprocPolicy = "mild"\n',
  );
});
afterAll(() => workplace.remove());

// Its own attributes are set before its first instruction; a child that ends at once may not live to get its.
const ownAttributes = "read -r stat < /proc/$$/stat; set -- $stat";

/** Says how it is scheduled, where it is, what it was told and what it hears; ends with 3. */
const script = `${ownAttributes}; echo "\${19} \${41} $WORD"; pwd; while read -r line; do echo "$line"; done; exit 3`;

/** Of a process, as one letter; "" when there is none. */
function stateOf(pid: number): string {
  try {
    return /^State:\t(\w)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))![1]!;
  } catch {
    return "";
  }
}

/** The only line. kill(2) takes 0 and less for groups, ours among them. */
function pidIn(said: string): number {
  expect(said).toMatch(/^\d+\n$/);
  const pid = Number(said);
  expect(pid).toBeGreaterThan(1);
  return pid;
}

function nmz(words: readonly string[], more: Parameters<typeof runNmzc>[1] = {}) {
  return runNmzc(words, { command: "nmz", ...more });
}

function record(out: string, command: string, env: Readonly<Record<string, string>> = {}) {
  const words = ["-autopilot", shaken, "-seed", "tuna", "-nmz-out", out, "--", "sh", "-c", command];
  return nmz(["inspectors", "proc", ...words], { cwd: workplace.path, env: { ...process.env, ...env } });
}

describe("nmz replay, of a command", () => {
  it("starts it again in its folder and environment, and schedules its threads as they were", async () => {
    const out = `${workplace.path}/out`;
    const before = await record(out, script, { WORD: "two words", NMZ_TOKEN: "secret" });
    expect(before.stdout).toMatch(new RegExp(`^-?\\d+ 3 two words\n${workplace.path}\n$`));
    const again = await nmz(["replay", out], { cwd: "/", input: "unheard\n" });
    expect(again.stdout).toBe(before.stdout);
    expect(again.exitCode).toBe(3);
    expect(again.stderr).toMatch(/replayed [1-9]\d* of \d+ decision/);
  });

  it("gives it our stdin when it is asked to", async () => {
    const out = `${workplace.path}/out`;
    const { stdout } = await nmz(["replay", "-i", out], { input: "heard\n" });
    expect(stdout).toMatch(/\nheard\n$/);
  });

  it("repeats it without its output, says how often it fails, and records each", async () => {
    const out = `${workplace.path}/out`;
    const again = `${workplace.path}/again`;
    const words = ["--times", "3", "--output", "3 two words$", "--nmz-out", again, out];
    const { exitCode, stdout, stderr } = await nmz(["replay", ...words]);
    expect([exitCode, stdout]).toEqual([
      0,
      "fails 3 of 3 (100%; 95% interval 29% to 100%)\nas recorded: exit 3 in 3 of 3\n",
    ]);
    expect(stderr).not.toContain("shaking the threads");
    expect(readdirSync(again)).toHaveLength(4);
    expect((await nmz(["replay", again])).exitCode).toBe(3);
  });

  it("ends it at SIGINT, and tells what was measured", async () => {
    const out = `${workplace.path}/patient`;
    const flag = `${workplace.path}/was-here`;
    await record(out, `[ -e ${flag} ] && exec sleep 1000; touch ${flag}`);
    const started = startNmzc(["replay", out], { command: "nmz" });
    await started.stderrHas("shaking the threads");
    started.process.kill("SIGINT");
    expect((await started.finished).exitCode).toBe(130);
  });

  it("kills what it has left running, which would be in the way of the next one", async () => {
    const out = `${workplace.path}/leaves`;
    const before = await record(out, "sleep 1000 > /dev/null 2>&1 & echo $!");
    process.kill(pidIn(before.stdout), "SIGKILL");
    const again = await nmz(["replay", out]);
    expect(again.exitCode).toBe(0);
    await vi.waitFor(() => expect(stateOf(Number(again.stdout))).toMatch(/^Z?$/));
  });

  it("kills what has made a session of its own, too", async () => {
    const out = `${workplace.path}/daemon`;
    const file = `${workplace.path}/daemon.pid`;
    const daemon = `setsid sh -c 'echo $$ > ${file}.new; mv ${file}.new ${file}; exec sleep 1000 > /dev/null 2>&1'`;
    const before = await record(
      out,
      `rm -f ${file}; (${daemon} &); until [ -s ${file} ]; do sleep 0.1; done; cat ${file}`,
    );
    process.kill(pidIn(before.stdout), "SIGKILL");
    const again = await nmz(["replay", out]);
    expect(again.exitCode).toBe(0);
    expect(pidIn(again.stdout)).not.toBe(pidIn(before.stdout));
    await vi.waitFor(() => expect(stateOf(Number(again.stdout))).toMatch(/^Z?$/));
  });

  it("refuses runs of which it did not start the workload, and says what to do", async () => {
    const out = `${workplace.path}/own`;
    const empty = workplace.folder("real");
    const mount = workplace.folder("mount");
    await interrupted(await attached("fs", "-original-dir", empty, "-mount-point", mount, "-nmz-out", out));
    const { exitCode, stderr } = await nmz(["replay", out]);
    expect(exitCode).toBe(125);
    expect(stderr).toContain("it was nmz inspectors fs, which started neither a container nor a command");
    expect(stderr).toContain('explorePolicy = "replay:');
  });
});

describe("nmz minimize, of a command", () => {
  it("finds the one process whose scheduling makes it fail", async () => {
    const out = `${workplace.path}/fails`;
    const { exitCode } = await record(out, `sleep 0; ${ownAttributes}; exit \${41}`);
    expect(exitCode).toBe(3);
    const { stdout, stderr, ...ended } = await nmz(["minimize", "--max-runs", "150", out]);
    expect(stderr).toContain("with 1 of ");
    expect(ended.exitCode).toBe(0);
    expect(stdout).toMatch(
      /^thread 1 of 1 scheduled SCHED_BATCH.* at the first sweep: fails \d+ of \d+; without: 0 of \d+\n/,
    );
  }, 90_000);
});
