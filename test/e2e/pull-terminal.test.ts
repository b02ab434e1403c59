import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { forgetImagesOf, isPodman } from "../helpers/registry/pulled-images.js";
import { TlsRegistry } from "../helpers/registry/tls-registry.js";
import { uploadImage } from "../helpers/registry/upload.js";
import { requires } from "../helpers/requires.js";

requires("root", "docker", "built", "docker-registry", "openssl", "ip", "tar", "tmux");

const cli = fileURLToPath(new URL("../../dist/bin/nmzc.js", import.meta.url));
const layerBytes = [2_000_000, 3_000_000, 9_000_000];
const totalBytes = layerBytes.reduce((sum, bytes) => sum + bytes, 0);

let folder: string;
let registry: TlsRegistry;
let image: string;

/** A shell in a real terminal, seen as a user sees it. */
function tmux(...args: string[]): string {
  return execFileSync("tmux", ["-S", join(folder, "tmux"), "-f", "/dev/null", ...args], { encoding: "utf8" });
}

function openTerminal(columns: number, rows: number): void {
  const size = ["-x", String(columns), "-y", String(rows)];
  const variables = {
    DOCKER_CONFIG: registry.configFolder("login"),
    XDG_STATE_HOME: join(folder, "state"),
    PS1: "host$ ",
  };
  const environment = Object.entries(variables).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  tmux("new-session", "-d", ...size, ...environment, "bash --norc --noprofile");
  tmux("set", "-g", "status", "off");
}

function type(...keys: string[]): void {
  tmux("send-keys", ...keys);
}

/** Everything that the terminal showed, with what has left the screen at its top. */
function shown(): string[] {
  return tmux("capture-pane", "-p", "-S", "-")
    .split("\n")
    .map((line) => line.trimEnd());
}

async function shows(text: RegExp): Promise<void> {
  await expect.poll(() => shown().join("\n"), { timeout: 60_000, interval: 100 }).toMatch(text);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-pull-terminal-"));
  registry = await TlsRegistry.start();
  registry.trust();
});

beforeEach(async () => {
  const layers = layerBytes.map((bytes) => {
    writeFileSync(join(folder, "noise"), randomBytes(bytes));
    return execFileSync("tar", ["-C", folder, "-c", "noise"], { maxBuffer: 1e9 });
  });
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  await uploadImage(registry.target, "layers", "v1", { layers, command: ["/not-there"], architecture });
  image = `${registry.host}/layers:v1`;
  registry.door.passedBytes = 0;
  registry.door.slowFromBytes = totalBytes * 0.6;
});

afterEach(async () => {
  tmux("kill-server");
  registry.door.hurry();
  await forgetImagesOf(registry.host);
});

afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** What is pulled has no program in it, so the run ends right behind the pull. */
const command = () =>
  `${process.execPath} ${cli} run --rm --nmz-disable ethernet,fs,proc ${image}; echo "ended with $?"`;

describe("The progress of a pull on a terminal", () => {
  it("has a bar for each layer, redrawn in its line", async () => {
    openTerminal(130, 30);
    type(command(), "Enter");
    await shows(/^[0-9a-f]{12}: Downloading {1,2}\[=+> +\] +[\d.]+[kM]?B\/[\d.]+MB$/m);
    registry.door.hurry();
    await shows(/^ended with \d+$/m);
    const lines = shown();
    expect(lines).toContain("v1: Pulling from layers");
    const layers = lines.filter((line) => /^[0-9a-f]{12}: /.test(line));
    expect(layers.filter((line) => /: (?:Pull|Download) complete$/.test(line)).length, lines.join("\n")).toBe(
      layers.length,
    );
    const ids = layers.map((line) => line.slice(0, 12));
    expect(ids.length).toBeGreaterThanOrEqual(layerBytes.length);
    expect(new Set(ids).size).toBe(ids.length);
    expect(lines).toContain(`Status: Downloaded newer image for ${image}`);
  });

  it("keeps to its lines where the terminal is narrow", async () => {
    openTerminal(44, 30);
    type(command(), "Enter");
    await shows(/^[0-9a-f]{12}: Downloading +[\d.]+[kM]?B\/[\d.]+MB$/m);
    registry.door.hurry();
    await shows(/^ended with \d+$/m);
    const layers = shown().filter((line) => /^[0-9a-f]{12}: /.test(line));
    expect(new Set(layers.map((line) => line.slice(0, 12))).size, shown().join("\n")).toBe(layers.length);
  });

  it("ends at Ctrl-C, leaves the terminal as it was, and begins anew the next time", async () => {
    openTerminal(130, 30);
    type(command(), "Enter");
    await shows(/: Downloading {1,2}\[=+> +\]/);
    type("C-c");
    await shows(/^ended with 130$/m);
    expect(shown().join("\n")).not.toMatch(/Status: |Error|at .*\.js:/);
    expect(execFileSync("docker", ["images", "-q", image], { encoding: "utf8" })).toBe("");
    registry.door.hurry();
    type(command(), "Enter");
    // The difference "pull-abort": Podman has the image by then.
    if (!isPodman) await shows(new RegExp(`Status: Downloaded newer image for ${image}`));
    await shows(/^nmzc: seed /m);
  });
});
