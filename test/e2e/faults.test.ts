import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { machineState } from "../helpers/machine-state.js";
import { baseImage, requires } from "../helpers/requires.js";
import { runNmzc } from "../helpers/run-nmzc.js";

requires("root", "docker", "fuse", "nfqueue", "built", "base-image");

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-faults-"));
  mkdirSync(join(folder, "files"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("nmzc run with [[faults]]", () => {
  it("does them beside the policy, counts them by kind, and says which rule matched nothing", async () => {
    const before = machineState();
    const autopilot = join(folder, "shake.toml");
    writeFileSync(
      autopilot,
      `explorePolicy = "dumb"
[container]
enableEthernetInspector = true
enableProcInspector = false
[[faults]]
fault = "EIO"
op = "post-read"
path = "*.log"
[[faults]]
fault = "drop"
ports = [9]
[[faults]]
fault = "EROFS"
op = "pre-mkdir"
path = "never"
`,
    );
    writeFileSync(join(folder, "files", "a.log"), "log");
    writeFileSync(join(folder, "files", "a.txt"), "text");
    const { exitCode, stdout, stderr } = await runNmzc([
      ...["run", "--rm", "--nmz-autopilot", autopilot, "--nmz-out", join(folder, "out")],
      ...["-v", `${join(folder, "files")}:/files`, baseImage, "bash", "-c"],
      "cat /files/a.txt; cat /files/a.log; echo lost >/dev/udp/127.0.0.1/9; echo passes >/dev/udp/127.0.0.1/10; exit 3",
    ]);
    expect(exitCode, stderr).toBe(3);
    expect(stdout).toBe("text");
    expect(stderr).toContain("cat: /files/a.log: Input/output error");
    expect(stderr).toMatch(/Faults injected: [1-9]\d* \((?=.*drop 1).*EIO [1-9]\d*.*\)/);
    expect(stderr).toMatch(
      /fault rule 3 \(EROFS on pre-mkdir of never\) matched nothing: \d+ file operation/,
    );
    const run = JSON.parse(readFileSync(join(folder, "out", "latest", "run.json"), "utf8"));
    expect(run.faults.drop).toBe(1);
    expect(run.faultRules).toMatchObject([
      { fault: "EIO" },
      { fault: "drop", done: 1 },
      { matched: 0, done: 0 },
    ]);
    await expect.poll(() => machineState(), { timeout: 10_000 }).toEqual(before);
  });

  it("fills the disk under one file, reads another short and tears a third, as programs see them", async () => {
    const before = machineState();
    const autopilot = join(folder, "files.toml");
    writeFileSync(
      autopilot,
      `explorePolicy = "dumb"
[container]
enableEthernetInspector = false
enableProcInspector = false
[[faults]]
fault = "ENOSPC"
op = "pre-write"
path = "full"
[[faults]]
fault = "short-read"
path = "read"
share = 0.25
atMost = 1
[[faults]]
fault = "torn-write"
path = "torn"
share = 0.6
`,
    );
    const files = join(folder, "shaken");
    mkdirSync(files);
    writeFileSync(join(files, "read"), "r".repeat(4000));
    const { exitCode, stdout, stderr } = await runNmzc([
      ...["run", "--rm", "--nmz-autopilot", autopilot, "--nmz-out", join(folder, "files-out")],
      ...["-v", `${files}:/files`, baseImage, "bash", "-c"],
      `exec 2>&1; cd /files; export LC_ALL=C
dd if=/dev/zero of=full bs=1k count=4 status=none; echo "full $?"
dd if=/dev/zero of=beside bs=1k count=4 status=none; echo "beside $?"
dd if=read of=/dev/null bs=4000 count=1 2>&1 | tail -n 1
tr -d x < read | wc -c
tr '\\0' t < /dev/zero | dd of=torn bs=4k count=1 iflag=fullblock conv=fsync 2>&1 | tail -n 1; wc -c < torn`,
    ]);
    expect(exitCode, stderr).toBe(0);
    const lines = stdout.trim().split("\n");
    expect(lines).toEqual([
      "dd: error writing 'full': No space left on device",
      "full 1",
      "beside 0",
      expect.stringMatching(/^1000 bytes/),
      "4000",
      expect.stringMatching(/^4096 bytes/),
      "2048",
    ]);
    expect(statSync(join(files, "full")).size).toBe(0);
    expect(statSync(join(files, "beside")).size).toBe(4096);
    expect(readFileSync(join(files, "torn"), "utf8")).toBe("t".repeat(2048));
    const run = JSON.parse(readFileSync(join(folder, "files-out", "latest", "run.json"), "utf8"));
    expect(run.faults).toEqual({ ENOSPC: 1, short: 1, torn: 1 });
    await expect.poll(() => machineState(), { timeout: 10_000 }).toEqual(before);
  });

  it("refuses a rule that it does not know before anything is started, and names its line", async () => {
    const file = join(folder, "wrong.toml");
    writeFileSync(file, '[[faults]]\nfault = "ENOSPACE"\n');
    const { exitCode, stderr } = await runNmzc(["run", "--rm", "--nmz-autopilot", file, baseImage, "true"]);
    expect(exitCode).toBe(125);
    expect(stderr).toMatch(/wrong\.toml:2: faults\[0\]\.fault: .*did you mean "ENOSPC"/);
  });
});
