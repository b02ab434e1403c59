import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isProcessStopped, processStartTicks } from "../../../runtime/kernel/index.js";
import { requires } from "../../helpers/requires.js";
import { runNmzc } from "../../helpers/run-nmzc.js";
import { eventually } from "../proc/shaking.js";
import { attached, Workplace } from "./inspector-command.js";

requires("root", "proc-events", "built");

describe("nmz inspectors proc with faults", () => {
  let place: Workplace;
  let target: ChildProcess;
  beforeEach(async () => {
    place = new Workplace();
    target = spawn("sleep", ["1000"], { stdio: "ignore" });
    await once(target, "spawn");
  });
  afterEach(async () => {
    const ended = once(target, "exit");
    target.kill("SIGKILL");
    await ended;
    place.remove();
  });

  async function pausing(duration: string) {
    const config = place.file(
      "shake.toml",
      `explorePolicy = "random"\n[[faults]]\nfault = "pause"\nprocess = "sleep"\nfor = "${duration}"\n`,
    );
    const nmz = await attached("proc", "--pid", String(target.pid), "--autopilot", config);
    await eventually("it is stopped", () => isProcessStopped(target.pid!));
    return nmz;
  }

  it("continues what it has paused when it is told to end", async () => {
    const nmz = await pausing("10m");
    nmz.process.kill("SIGTERM");
    const { stderr } = await nmz.finished;
    expect(isProcessStopped(target.pid!)).toBe(false);
    expect(processStartTicks(target.pid!)).toBeDefined();
    expect(stderr).toMatch(/pause \d+/);
  });

  it("lets nmzc prune continue it after a kill -9", async () => {
    const nmz = await pausing("10m");
    nmz.process.kill("SIGKILL");
    await nmz.finished;
    expect(isProcessStopped(target.pid!)).toBe(true);
    const { exitCode, stderr } = await runNmzc(["prune"]);
    expect(exitCode, stderr).toBe(0);
    await eventually("it goes on", () => !isProcessStopped(target.pid!));
  });
});
