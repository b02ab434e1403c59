import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { baseImage, requires } from "../helpers/requires.js";
import { runNmzc } from "../helpers/run-nmzc.js";
import { latestRun, latestTrace } from "../helpers/traces.js";

requires("root", "docker", "fuse", "nfqueue", "built", "base-image");

/** 10 of each in CI; `NMZC_FIRST_ACTS=100` for the measurement. */
const containers = Number(process.env["NMZC_FIRST_ACTS"] ?? 10);

let folder: string;
let out: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-first-"));
  out = join(folder, "out");
  mkdirSync(join(folder, "volume"));
  writeFileSync(join(folder, "volume", "first"), "x");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function countSeen(args: readonly string[], isSeen: (stdout: string) => boolean): Promise<number> {
  let seen = 0;
  for (let i = 0; i < containers; i++) {
    const run = await runNmzc(["run", "--rm", "--nmz-out", out, ...args]);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(latestRun(out).warnings).toEqual([]);
    if (isSeen(run.stdout)) seen += 1;
  }
  return seen;
}

describe("The first thing a workload does is already shaken", () => {
  it("when it sends a packet", { timeout: containers * 10_000 }, async () => {
    const args = [baseImage, "bash", "-c", "echo first >/dev/udp/127.0.0.1/9"];
    const isPacket = () => latestTrace(out).some((line) => JSON.stringify(line).includes("127.0.0.1:9"));
    expect(await countSeen(args, isPacket)).toBe(containers);
  });

  it("when it reads a volume", { timeout: containers * 10_000 }, async () => {
    const args = ["-v", `${join(folder, "volume")}:/v`, baseImage, "cat", "/v/first"];
    const isRead = () => latestTrace(out).some((line) => JSON.stringify(line).includes('"first"'));
    expect(await countSeen(args, isRead)).toBe(containers);
  });

  it("when it asks for its scheduling class", { timeout: containers * 10_000 }, async () => {
    const args = [baseImage, "sh", "-c", "exec chrt -p $$"];
    expect(await countSeen(args, (stdout) => stdout.includes("SCHED_BATCH"))).toBe(containers);
  });

  it("when it starts a process", { timeout: containers * 10_000 }, async () => {
    const args = [baseImage, "sh", "-c", "sleep 0.1 & wait"];
    const threads = () =>
      new Set(latestTrace(out).flatMap((line) => JSON.stringify(line).match(/"\d+":\{"Policy"/g) ?? []));
    expect(await countSeen(args, () => threads().size >= 2)).toBe(containers);
  });
});
