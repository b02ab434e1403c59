import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { readDecisions } from "../../../src/record/index.js";
import { requires } from "../../helpers/requires.js";
import { attached, interrupted, Workplace } from "./inspector-command.js";

requires("root", "fuse", "built");

const workplace = new Workplace();
afterAll(() => workplace.remove());

/** Makes folders 0, 1, 2, … one after the other, and notes when each was there, until it cannot any more. */
const workload = `
  const fs = require("node:fs");
  const [, folder, log] = process.argv;
  const file = fs.openSync(log, "w");
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let i = 0; ; i++) {
    try { fs.mkdirSync(folder + "/" + i); } catch { break; }
    fs.writeSync(file, i + " " + performance.now() + "\\n");
    Atomics.wait(pause, 0, 0, 1);
  }`;

interface Made {
  readonly path: string;
  readonly atMs: number;
}

function madeIn(log: string): Made[] {
  if (!existsSync(log)) return [];
  const lines = readFileSync(log, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => {
    const [path, atMs] = line.split(" ") as [string, string];
    return { path, atMs: Number(atMs) };
  });
}

function spanOf(made: readonly Made[]): number {
  return (made.at(-1)?.atMs ?? 0) - (made[0]?.atMs ?? 0);
}

describe("the record of an inspector that is killed with SIGKILL", () => {
  it("lacks the last 100 ms at most", async () => {
    const [real, mount] = [workplace.folder("real"), workplace.folder("mount")];
    const [out, log] = [join(workplace.path, "out"), join(workplace.path, "made")];
    const config = workplace.file("dumb.toml", 'explorePolicy = "dumb"\n');
    const words = ["-original-dir", real, "-mount-point", mount, "-autopilot", config, "-nmz-out", out];
    const inspector = await attached("fs", ...words);
    const child = spawn(process.execPath, ["-e", workload, mount, log], { stdio: "ignore" });
    const ended = once(child, "exit");
    while (spanOf(madeIn(log)) < 1000) await sleep(20);
    inspector.process.kill("SIGKILL");
    await Promise.all([inspector.finished, ended]);

    const made = madeIn(log);
    const [run = ""] = readdirSync(out);
    const recorded = new Set(
      [...readDecisions(join(out, run, "trace.jsonl"))].map(({ about }) => about["path"]),
    );
    // While the inspector does not run, nothing is made: the longest pause tells how late its timer may be.
    const pauses = made.slice(1).map(({ atMs }, index) => atMs - made[index]!.atMs);
    const untilMs = made.at(-1)!.atMs - 100 - 2 * Math.max(...pauses);
    const early = made.filter(({ atMs }) => atMs < untilMs);
    expect(early.length).toBeGreaterThan(20);
    expect(early.filter(({ path }) => !recorded.has(path))).toEqual([]);
    expect(existsSync(join(out, run, "run.json"))).toBe(false);

    // The next one undoes what this one left.
    const [another, other] = [workplace.folder("another"), workplace.folder("other")];
    const after = await attached("fs", "-original-dir", another, "-mount-point", other);
    expect(await interrupted(after)).toContain("left by a killed inspector, and undone");
  });
});
