import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { machineState } from "../helpers/machine-state.js";
import { baseImage, requires } from "../helpers/requires.js";
import { runNmzc, startNmzc } from "../helpers/run-nmzc.js";
import { latestTrace } from "../helpers/traces.js";

requires("root", "docker", "fuse", "built", "base-image");

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-replay-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Its exit code is the number of files that could not be written, and one more.
const script = `failed=1
  for i in 1 2 3 4 5 6 7 8 9 10 11 12; do dd if=/dev/zero of=/data/$i.log bs=16 count=1 2>/dev/null || failed=$((failed + 1)); done
  exit $failed`;

describe("nmzc replay", () => {
  it("brings the same faults and the same exit in another container, and says how often", async () => {
    const before = machineState();
    const [data, out, autopilot] = ["data", "out", "full.toml"].map((name) => join(folder, name));
    mkdirSync(data!);
    writeFileSync(
      autopilot!,
      '[container]\nenableProcInspector = false\n[[faults]]\nfault = "ENOSPC"\nop = "pre-write"\npath = "*.log"\nprobability = 0.5\n',
    );
    const recorded = await runNmzc([
      ...["run", "--rm", "--nmz-autopilot", autopilot!, "--nmz-out", out!, "--nmz-seed", "4f1c"],
      ...["-v", `${data}:/data`, baseImage, "sh", "-c", script],
    ]);
    const faults = faultsIn(out!);
    expect(recorded.exitCode, recorded.stderr).toBe(faults.length + 1);
    expect(faults.length).toBeGreaterThan(0);
    rmSync(autopilot!); // what counts is what was recorded
    const again = join(folder, "again");
    const replayed = await runNmzc(["replay", "--nmz-out", again, out!]);
    expect(replayed.exitCode, replayed.stderr).toBe(recorded.exitCode);
    expect(replayed.stderr).toContain(`replayed ${faults.length} of ${faults.length} decisions`);
    expect(faultsIn(again)).toEqual(faults);
    const exit = String(recorded.exitCode);
    const rate = await runNmzc(["replay", "--times", "2", "--exit-code", exit, out!]);
    expect(rate, rate.stderr).toMatchObject({ exitCode: 0 });
    expect(rate.stdout).toContain("fails 2 of 2");
    expect(rate.stdout).toContain(`as recorded: exit ${exit} in 2 of 2`);
    const cut = startNmzc(["replay", "--times", "100", out!]);
    await cut.stderrHas(`1/100: exit ${exit}`);
    cut.process.kill("SIGINT");
    expect(await cut.finished).toMatchObject({
      exitCode: 130,
      stdout: expect.stringMatching(/^fails (\d+) of \1 /),
    });
    await expect.poll(() => machineState(), { timeout: 10_000 }).toEqual(before);
  });
});

function faultsIn(out: string): unknown[] {
  const lines = latestTrace(out).filter(({ fault }) => fault !== undefined);
  return lines.map(({ hint, n, fault }) => ({ hint, n, fault }));
}
