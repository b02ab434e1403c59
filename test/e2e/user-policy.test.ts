import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDecisions, readRun } from "../../src/record/index.js";
import { machineState } from "../helpers/machine-state.js";
import { baseImage, requires } from "../helpers/requires.js";
import { runNmzc } from "../helpers/run-nmzc.js";

requires("root", "docker", "fuse", "nfqueue", "built", "base-image");

const policy = `import { definePolicy, FilesystemEvent, text } from "nmzc";

export default definePolicy({
  name: "broken-file",
  summary: "One file cannot be read.",
  params: { file: text("", { meaning: "the file" }) },
  create({ params, fault, log }) {
    return {
      onEvent(event) {
        if (!(event instanceof FilesystemEvent) || event.path !== params.file) return;
        log("breaking " + event.op);
        return fault(event);
      },
    };
  },
});
`;

let folder: string;
const autopilot = () => join(folder, "shake.toml");
const volume = () => `${join(folder, "files")}:/files`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-user-policy-"));
  mkdirSync(join(folder, "files"));
  for (const name of ["good", "bad"]) writeFileSync(join(folder, "files", name), name);
  writeFileSync(join(folder, "broken-file.ts"), policy);
  writeFileSync(
    autopilot(),
    'explorePolicy = "./broken-file.ts"\n[explorePolicyParam]\nfile = "bad"\n[container]\nenableEthernetInspector = true\n',
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("nmzc run with a policy of the user's own", () => {
  it("does what the policy says, tells what it logs, and leaves nothing", async () => {
    const before = machineState();
    const { exitCode, stdout, stderr } = await runNmzc([
      ...["run", "--rm", "--nmz-autopilot", autopilot(), "-v", volume(), baseImage],
      ...["sh", "-c", "cat /files/good; cat /files/bad; exit 7"],
    ]);
    expect(exitCode, stderr).toBe(7);
    expect(stdout).toBe("good");
    expect(stderr).toContain("cat: /files/bad: Input/output error");
    expect(stderr).toContain("breaking post-read");
    await expect.poll(() => machineState(), { timeout: 10_000 }).toEqual(before);
  });

  it("refuses a parameter that the policy does not know before anything is started", async () => {
    const before = machineState();
    const file = join(folder, "wrong.toml");
    writeFileSync(file, 'explorePolicy = "./broken-file.ts"\n[explorePolicyParam]\nfiel = "bad"\n');
    const { exitCode, stderr } = await runNmzc(["run", "--rm", "--nmz-autopilot", file, baseImage, "true"]);
    expect(exitCode).toBe(125);
    expect(stderr).toMatch(/wrong\.toml:3: unknown key .*fiel.*did you mean .*file/);
    expect(machineState()).toEqual(before);
  });

  it("lets a policy see the runs of the same folder, and look near one that failed", async () => {
    const out = join(folder, "out");
    copyFileSync("examples/policies/near-what-failed.ts", join(folder, "near-what-failed.ts"));
    const file = join(folder, "near.toml");
    writeFileSync(
      file,
      'explorePolicy = "./near-what-failed.ts"\n[explorePolicyParam]\nchange = 0.0\nlate = 1.0\nmaxDelay = "30ms"\n',
    );
    const args = ["run", "--rm", "--nmz-autopilot", file, "--nmz-out", out, "-v", volume(), baseImage];
    const script = "cat /files/good /files/bad; mkdir -p /files/d; ls /files/d; exit 3";
    const first = await runNmzc([...args, "sh", "-c", script]);
    expect(first.exitCode, first.stderr).toBe(3);
    expect(first.stderr).toContain("none of 0 earlier runs failed: exploring");
    const failed = decidedIn(out);
    const second = await runNmzc([...args, "sh", "-c", script]);
    expect(second.exitCode, second.stderr).toBe(3);
    expect(second.stderr).toMatch(/near run \w+ \(seed \w+\), one of 1 that failed/);
    const near = decidedIn(out);
    const common = Object.keys(near).filter((key) => key in failed);
    expect(common.length).toBeGreaterThan(2);
    for (const key of common) expect(near[key]).toBe(failed[key]);
  });

  it("runs a workload under pos, of which one operation goes on each step", async () => {
    const out = join(folder, "out-pos");
    const file = join(folder, "pos.toml");
    writeFileSync(file, 'explorePolicy = "pos"\n[explorePolicyParam]\nstep = "300ms"\nhold = "20s"\n');
    // Each in a folder of its own, since the kernel itself lets nobody else into a folder that is being changed.
    for (const name of ["1", "2", "3", "4", "5"]) mkdirSync(join(folder, "files", name));
    const before = machineState();
    const { exitCode, stdout, stderr } = await runNmzc([
      ...["run", "--rm", "--nmz-autopilot", file, "--nmz-out", out, "-v", volume(), baseImage, "sh", "-c"],
      "for i in 1 2 3 4 5; do mkdir /files/$i/made & done; wait; ls -d /files/*/made | wc -l",
    ]);
    expect(exitCode, stderr).toBe(0);
    expect(stdout.trim()).toBe("5");
    const made = [...readDecisions(readRun(out).traceFile)].filter(
      ({ event, about }) => event === "FilesystemEvent" && about["op"] === "pre-mkdir",
    );
    expect(made.length).toBe(5);
    // They come at about the same time: who loses waits for another step.
    expect(Math.max(...made.map(({ delayMs }) => delayMs))).toBeGreaterThan(330);
    const times = made.map(({ atMs }) => atMs).sort((a, b) => a - b);
    for (const [index, atMs] of times.entries()) {
      if (index > 0) expect(atMs - times[index - 1]!).toBeGreaterThan(250);
    }
    await expect.poll(() => machineState(), { timeout: 10_000 }).toEqual(before);
  });
});

/** How long each event that waited was held in the latest run of a folder, by what it was. */
function decidedIn(out: string): Record<string, number> {
  const decided: Record<string, number> = {};
  for (const { event, entity, hint, n, delayMs } of readDecisions(readRun(out).traceFile)) {
    if (event === "FilesystemEvent") decided[`${entity} ${hint} ${n}`] = delayMs;
  }
  return decided;
}
