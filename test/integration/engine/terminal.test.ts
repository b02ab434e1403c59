import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import type { IPty } from "node-pty";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { baseImage, requires } from "../../helpers/requires.js";
import { digestOf, gatherText } from "./gather.js";

requires("root", "docker", "base-image", "built", "package:node-pty");

const program = "test/fixtures/run-in-terminal.mjs";
const run = (...words: string[]): string[] => [
  program,
  ...words.slice(0, -1),
  baseImage,
  "bash",
  "-c",
  words.at(-1)!,
];

/** A real terminal with a program in it. */
class Terminal {
  readonly #pty: IPty;
  readonly exitCode: Promise<number>;
  text = "";

  constructor(file: string, words: readonly string[]) {
    const { spawn: spawnPty } = createRequire(import.meta.url)("node-pty") as typeof import("node-pty");
    this.#pty = spawnPty(file, [...words], {
      cols: 90,
      rows: 30,
      env: process.env as Record<string, string>,
    });
    this.#pty.onData((data) => {
      this.text += data;
    });
    this.exitCode = new Promise((resolve) => this.#pty.onExit(({ exitCode }) => resolve(exitCode)));
  }

  async shows(text: string | RegExp): Promise<void> {
    const deadline = Date.now() + 20_000;
    while (!(typeof text === "string" ? this.text.includes(text) : text.test(this.text))) {
      if (Date.now() > deadline)
        throw new Error(`the terminal never showed ${text}; it shows:\n${this.text}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  type(text: string): void {
    this.#pty.write(text);
  }

  resize(columns: number, rows: number): void {
    this.#pty.resize(columns, rows);
  }

  signal(name: string): void {
    process.kill(this.#pty.pid, name);
  }

  kill(): void {
    try {
      process.kill(this.#pty.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

const terminals: Terminal[] = [];
function open(file: string, words: readonly string[]): Terminal {
  const terminal = new Terminal(file, words);
  terminals.push(terminal);
  return terminal;
}

afterEach(() => {
  for (const terminal of terminals.splice(0)) terminal.kill();
});

/** A killed fixture leaves its container. */
afterAll(() => {
  const left = execFileSync("docker", ["ps", "-aq", "--filter", "label=nmzt.engine=1"], { encoding: "utf8" });
  for (const id of left.split("\n").filter((line) => line !== "")) execFileSync("docker", ["rm", "-f", id]);
});

/** The fixture inside a shell that then tells the state of the terminal. */
function openInShell(...words: string[]): Terminal {
  const quoted = [process.execPath, ...run(...words)]
    .map((word) => `'${word.replaceAll("'", `'\\''`)}'`)
    .join(" ");
  return open("/bin/bash", ["-c", `${quoted}; echo "code=$?"; stty -a`]);
}

/** As a shell needs it: lines are edited and shown, Ctrl-C is a signal. */
const sane = /code=\d+[\s\S]* icrnl ixon [\s\S]*\nisig icanon iexten echo /;

describe("A container in a terminal", () => {
  it("has a terminal of our size that grows with ours", async () => {
    const script =
      "trap 'stty size' WINCH; echo ready; while read -t 0.1 line || [ $? -gt 128 ]; do [ \"$line\" = size ] && stty size; line=; done";
    const terminal = open(process.execPath, run("-i", "-t", script));
    await terminal.shows("ready");
    terminal.type("size\r");
    await terminal.shows("30 90");
    terminal.resize(101, 33);
    await terminal.shows("33 101");
  });

  it("gets what is typed, and Ctrl-C as a signal of its own terminal", async () => {
    const script =
      "trap 'echo interrupted; exit 3' INT; read -r line; echo \"got <$line>\"; while :; do sleep 0.05; done";
    const terminal = openInShell("-i", "-t", script);
    terminal.type("hello\r");
    await terminal.shows("got <hello>");
    terminal.type("\x03");
    await terminal.shows("interrupted");
    await terminal.shows("code=3");
    await terminal.shows(sane);
  });

  it("is left alone at the detach keys, with our terminal restored", async () => {
    const terminal = openInShell("-i", "-t", "echo ready; while :; do sleep 0.05; done");
    await terminal.shows("ready");
    terminal.type("\x10");
    terminal.type("\x11");
    await terminal.shows("the container is running");
    await terminal.shows("detached");
    await terminal.shows("code=0");
    await terminal.shows(sane);
  });

  it("gets ctrl-p at once when other detach keys were asked for", async () => {
    const script = "stty raw -echo; echo ready; head -c 2 | od -An -tu1";
    const terminal = open(process.execPath, run("-i", "-t", "--detach-keys", "ctrl-x,x", script));
    await terminal.shows("ready");
    terminal.type("\x10\x11");
    await terminal.shows(/16 +17/);
  });

  it("leaves the terminal as it was when we crash", async () => {
    const terminal = openInShell("-i", "-t", "--crash", "echo ready; while :; do sleep 0.05; done");
    await terminal.shows("crashed on purpose");
    await terminal.shows(sane);
  });

  it("gets the signals that we get", async () => {
    const script =
      "trap 'echo hup' HUP; trap 'echo usr1' USR1; trap 'exit 8' TERM; echo ready; while :; do sleep 0.05; done";
    const terminal = open(process.execPath, run("-t", script));
    await terminal.shows("ready");
    terminal.signal("SIGHUP");
    await terminal.shows("hup");
    terminal.signal("SIGUSR1");
    await terminal.shows("usr1");
    terminal.signal("SIGTERM");
    expect(await terminal.exitCode).toBe(8);
  });

  it("gets Ctrl-C as a forwarded signal without -t", async () => {
    const terminal = open(
      process.execPath,
      run("trap 'exit 4' INT; echo ready; while :; do sleep 0.05; done"),
    );
    await terminal.shows("ready");
    terminal.type("\x03");
    expect(await terminal.exitCode).toBe(4);
  });
});

describe("A container in a pipe", () => {
  it("refuses -it as docker does", () => {
    const result = spawnSync(process.execPath, run("-i", "-t", "true"), { input: "", encoding: "utf8" });
    expect([result.status, result.stderr]).toEqual([1, "the input device is not a TTY\n"]);
  });

  it("keeps stdout, stderr and the exit code apart and half-closes stdin", () => {
    const script = "sha256sum; echo done >&2; exit 9";
    const input = Buffer.alloc(5_000_000, 7);
    const result = spawnSync(process.execPath, run("-i", script), { input, encoding: "utf8" });
    const sha256 = createHash("sha256").update(input).digest("hex");
    expect([result.stdout, result.stderr, result.status]).toEqual([`${sha256}  -\n`, "done\n", 9]);
  });

  it("does not fall over when its reader goes", () => {
    const command = `'${process.execPath}' ${program} ${baseImage} yes | head -n 1`;
    const result = spawnSync("bash", ["-c", `${command}; echo "\${PIPESTATUS[0]}"`], {
      encoding: "utf8",
      timeout: 20_000,
    });
    expect([result.stdout, result.stderr]).toEqual(["y\n0\n", "output-closed\n"]);
  });

  it("carries 256 MiB whole to a slow reader in flat memory", async () => {
    const script = "head -c 268435456 /dev/zero";
    const child = spawn(process.execPath, run("--memory", script), { stdio: ["ignore", "pipe", "pipe"] });
    const stderr = gatherText(child.stderr);
    await new Promise((resolve) => setTimeout(resolve, 1500)); // nobody reads meanwhile
    const { bytes } = await digestOf(child.stdout);
    expect(bytes).toBe(256 * 1024 * 1024);
    const peakKib = Number(/peak (\d+)/.exec(await stderr)?.[1]);
    expect(peakKib).toBeLessThan(200 * 1024);
  });
});
