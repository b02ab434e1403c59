import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
});
