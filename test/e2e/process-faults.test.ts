import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { machineState } from "../helpers/machine-state.js";
import { baseImage, requires } from "../helpers/requires.js";
import { runNmzc, startNmzc } from "../helpers/run-nmzc.js";

requires("root", "docker", "proc-events", "built", "base-image");

/** Ends when one child was stopped and went on, one was killed, and one was started again. */
const workload = `cp /bin/sleep /tmp/paused; cp /bin/sleep /tmp/killed
printf '#!/bin/sh\\necho "talker $MARK $PWD $(id -u)"; echo x >>/tmp/starts; while :; do sleep 0.1; done' >/tmp/talker
chmod +x /tmp/talker
state() { cut -d' ' -f3 /proc/$1/stat; }
/tmp/paused 1000 & paused=$!
until [ "$(state $paused)" = T ]; do sleep 0.02; done; echo stopped
until [ "$(state $paused)" = S ]; do sleep 0.02; done; echo went on
/tmp/killed 1000; echo killed $?
cd /usr; MARK="m a r k" /tmp/talker &
until [ "$(cat /tmp/starts 2>/dev/null | wc -l)" -ge 2 ]; do sleep 0.02; done
exit 7`;

const rules = `[container]
enableEthernetInspector = false
enableFSInspector = false
enableProcInspector = true
procWatchInterval = "100ms"
`;
const rule = (text: string): string => `[[faults]]\n${text}\n`;

let folder: string;
const config = (name: string, text: string): string => {
  const path = join(folder, `${name}.toml`);
  writeFileSync(path, text);
  return path;
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-process-faults-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `nmzc run` of the workload, as a user who is not root. */
function asNobody(autopilot: string): string[] {
  return [
    "run",
    "--rm",
    "--nmz-autopilot",
    autopilot,
    "-u",
    "33:33",
    "-w",
    "/tmp",
    baseImage,
    "sh",
    "-c",
    workload,
  ];
}

describe("nmzc run with faults of processes", () => {
  it("pauses, kills and restarts children of the first process, and leaves nothing", async () => {
    const before = machineState();
    const shake = config(
      "all",
      rules +
        rule('fault = "pause"\nprocess = "paused"\nfor = "100ms"\nprobability = 0.3') +
        rule('fault = "kill"\nprocess = "killed"\nsignal = "SIGTERM"\nprobability = 0.3') +
        rule('fault = "restart"\nprocess = "talker"\ndown = "100ms"\nprobability = 0.3'),
    );
    const { exitCode, stdout, stderr } = await runNmzc(asNobody(shake));
    expect(exitCode, stderr).toBe(7);
    expect(stdout).toContain("stopped\nwent on\n");
    expect(stdout).toContain("killed 143\n");
    expect(stdout.split("\n").filter((line) => line === "talker m a r k /usr 33").length).toBeGreaterThan(1);
    expect(stderr).toMatch(/Faults injected: \d+ \(.*pause \d+.*\)/);
    expect(stderr).toMatch(/restart \d+/);
    await expect.poll(() => machineState(), { timeout: 20_000 }).toEqual(before);
  });

  it("leaves nothing when it is killed during a pause, once it is pruned", async () => {
    const before = machineState();
    const shake = config("long", rules + rule('fault = "pause"\nprocess = "paused"\nfor = "10m"'));
    const nmzc = startNmzc(asNobody(shake));
    await nmzc.stdoutHas("stopped\n");
    nmzc.process.kill("SIGKILL");
    await nmzc.finished;
    const { exitCode, stdout, stderr } = await runNmzc(["prune"]);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/process \d+, which was stopped/);
    await expect.poll(() => machineState(), { timeout: 20_000 }).toEqual(before);
  });
});
