import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { baseImage, requires } from "../helpers/requires.js";
import { type Finished, runNmzc } from "../helpers/run-nmzc.js";

requires("root", "docker", "fuse", "nfqueue", "built", "base-image");

const prefix = `nmzt-volumes-${process.pid}`;
const image = `${prefix}-image`;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-volumes-"));
  for (const name of ["a", "b"]) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "name"), name);
  }
  // An image that declares a volume, made without a builder.
  // No `docker commit`: Podman 4 does not understand what docker's command line sends for it.
  const input = `FROM ${baseImage}\nVOLUME /declared\n`;
  execFileSync("docker", ["build", "-q", "-t", image, "-"], { input, stdio: "pipe" });
});

afterAll(() => {
  docker("image", "rm", image);
  rmSync(folder, { recursive: true, force: true });
});

function docker(...args: string[]): string {
  return execFileSync("docker", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

function run(...args: string[]): Promise<Finished> {
  return runNmzc(["run", "--rm", ...args]);
}

function volumesNow(): string[] {
  return docker("volume", "ls", "-q").split("\n").sort();
}

describe("Volumes", () => {
  it("nest, and one folder can be mounted twice", async () => {
    const [a, b] = [join(folder, "a"), join(folder, "b")];
    const script = "cat /x/name /x/in/name; echo new >/x/new; cat /again/new";
    const finished = await run(
      ...["-v", `${b}:/x/in`, "-v", `${a}:/x`, "-v", `${a}:/again`],
      ...[baseImage, "sh", "-c", script],
    );
    expect(finished).toMatchObject({ exitCode: 0, stdout: "abnew\n" });
  });

  it("are there for a nmzc with a mount namespace of its own, as a service with PrivateTmp= has one", async () => {
    const args = ["run", "--rm", "-v", `${join(folder, "a")}:/x`, baseImage, "cat", "/x/name"];
    const within = ["unshare", "--mount", "--propagation", "private"];
    expect(await runNmzc(args, { within })).toMatchObject({ exitCode: 0, stdout: "a" });
  });

  it("with driver options are mounted as the engine would, and what is written reaches them", async () => {
    const name = `${prefix}-options`;
    const device = join(folder, "device");
    mkdirSync(device);
    docker("volume", "create", "-o", "type=none", "-o", "o=bind", "-o", `device=${device}`, name);
    try {
      const finished = await run("-v", `${name}:/x`, baseImage, "sh", "-c", "echo here >/x/file");
      expect(finished.exitCode, finished.stderr).toBe(0);
      expect(readFileSync(join(device, "file"), "utf8")).toBe("here\n");
    } finally {
      docker("volume", "rm", name);
    }
  });

  it("with driver options are shared with a container that has them mounted already", async () => {
    const name = `${prefix}-shared`;
    docker("volume", "create", "-o", "type=tmpfs", "-o", "device=tmpfs", "-o", "o=mode=1777", name);
    const other = docker("run", "-d", "-v", `${name}:/x`, baseImage, "sh", "-c", "echo 1 >/x/f; sleep 60");
    try {
      for (const volume of [`-v${name}:/x`, `--volumes-from=${other}`]) {
        const finished = await run(volume, baseImage, "cat", "/x/f");
        expect(finished, volume).toMatchObject({ exitCode: 0, stdout: "1\n" });
      }
    } finally {
      docker("rm", "-f", other);
      docker("volume", "rm", name);
    }
  });

  it("that are filled from an image leave none of the image's own behind", async () => {
    const before = volumesNow();
    const name = `${prefix}-filled`;
    expect((await run("-v", `${name}:/etc`, image, "test", "-e", "/etc/passwd")).exitCode).toBe(0);
    docker("volume", "rm", name);
    expect(volumesNow()).toEqual(before);
  });

  it("are the engine's own affair with --nmz-disable fs", async () => {
    const before = volumesNow();
    const name = `${prefix}-plain`;
    const args = ["--nmz-disable", "fs", "-v", `${name}:/n`, "-v", "/anonymous", image];
    const finished = await run(
      ...args,
      "sh",
      "-c",
      "grep -E ' /(n|anonymous|declared) ' /proc/mounts | wc -l; grep -c nmzc /proc/mounts",
    );
    expect(finished.stdout).toBe("3\n0\n");
    docker("volume", "rm", name);
    expect(volumesNow()).toEqual(before);
  });

  it("take a propagation, and say what it cannot do", async () => {
    const volume = `${join(folder, "a")}:/x:rslave`;
    const finished = await run("-v", volume, baseImage, "cat", "/x/name");
    expect(finished).toMatchObject({ exitCode: 0, stdout: "a" });
    expect(finished.stderr).toContain("/x: what is mounted in it later is not passed on (rslave)");
  });

  it.each(["/proc/nmzc-no-such/x", "/etc/passwd/x"])(
    "that cannot be made are refused: %s",
    async (source) => {
      const finished = await run("-v", `${source}:/x`, baseImage, "true");
      expect(finished.exitCode).toBe(125);
      expect(finished.stderr).toContain(`error while creating mount source path '${source}'`);
      expect(finished.stderr).not.toContain("should not happen");
    },
  );

  it("from a file, a socket or a device work", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "text");
    const script = "cat /file; echo >/null; test -c /null && echo device";
    const finished = await run("-v", `${file}:/file`, "-v", "/dev/null:/null", baseImage, "sh", "-c", script);
    expect(finished).toMatchObject({ exitCode: 0, stdout: "textdevice\n" });
    expect(existsSync(file)).toBe(true);
  });
});
