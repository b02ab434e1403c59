import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { baseImage, requires } from "../../helpers/requires.js";
import { runNmzc } from "../../helpers/run-nmzc.js";

requires("root", "docker", "base-image", "built");

const name = `nmzt-hostile-${process.pid}`;
let context: string;
const docker = (...words: string[]): string =>
  execFileSync("docker", words, { encoding: "utf8", stdio: "pipe" });

beforeAll(() => {
  context = mkdtempSync(join(tmpdir(), "nmzt-hostile-"));
  const dockerfile = [
    `FROM ${baseImage}`,
    // Our own labels, as an image would bring them to look like a container of ours, with the host's /etc as its volume.
    `LABEL nmzc.run="../../../etc" nmzc.seed="\\u001b]0;owned\\u0007" nmzc.volumes="{\\"/data\\":\\"/etc\\"}"`,
    "VOLUME /data",
    'CMD ["sh", "-c", "printf \\\\033]0;owned\\\\007"]',
  ];
  execFileSync("docker", ["build", "--quiet", "--tag", name, "-"], {
    input: dockerfile.join("\n"),
    stdio: "pipe",
  });
  docker("create", "--name", name, name);
});
afterAll(() => {
  docker("rm", "--force", "--volumes", name);
  docker("rmi", "--force", name);
  rmSync(context, { recursive: true });
});

describe("An image with labels of ours", () => {
  it("does not choose which folder of the host --volumes-from mounts", async () => {
    const { stdout, exitCode } = await runNmzc([
      "run",
      "--rm",
      "--volumes-from",
      name,
      baseImage,
      "ls",
      "/data",
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain("passwd");
  });

  it("does not write to the terminal through the list of containers", async () => {
    const { stdout, exitCode } = await runNmzc(["ps", "--all"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(name);
    expect([...stdout].filter((character) => /\p{Cc}/u.test(character) && character !== "\n")).toEqual([]);
  });
});
