import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { spawn } from "node-pty";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type MachineState, machineState } from "../helpers/machine-state.js";
import { baseImage, requires } from "../helpers/requires.js";

requires("root", "docker", "fuse", "nfqueue", "built", "base-image", "package:node-pty");

const cli = fileURLToPath(new URL("../../dist/bin/nmzc.js", import.meta.url));

/** nmzc below a shell on a pty, as a user has it: the shell shows what state the terminal is left in. */
class Terminal {
  readonly #pty = spawn("bash", ["--norc", "--noprofile"], {
    cols: 100,
    rows: 30,
    env: { ...process.env, PS1: "host$ ", NMZC: `${process.execPath} ${cli}` },
  });
  #screen = "";

  constructor() {
    this.#pty.onData((data) => {
      this.#screen += data;
    });
  }

  type(text: string): void {
    this.#pty.write(text);
  }

  resize(columns: number, rows: number): void {
    this.#pty.resize(columns, rows);
  }

  /** Waits for the text in what came since the last `shows`, and forgets it up to there. */
  async shows(text: string | RegExp): Promise<void> {
    await expect.poll(() => this.#screen, { timeout: 20_000, interval: 20 }).toMatch(text);
    const found = typeof text === "string" ? this.#screen.indexOf(text) : this.#screen.search(text);
    this.#screen = this.#screen.slice(found + 1);
  }

  close(): void {
    this.#pty.kill("SIGKILL");
  }
}

function isRunning(name: string): boolean {
  const format = ["inspect", "-f", "{{.State.Running}}", name];
  return execFileSync("docker", format, { encoding: "utf8" }) === "true\n";
}

let terminal: Terminal;
let before: MachineState;

beforeEach(() => {
  before = machineState();
  terminal = new Terminal();
});
afterEach(async () => {
  terminal.close();
  await expect.poll(() => machineState(), { timeout: 15_000 }).toEqual(before);
});

describe("nmzc run -it", () => {
  it("gives the workload a terminal of our size, follows a resize, and passes Ctrl-C on", async () => {
    await terminal.shows("host$ ");
    terminal.type(`$NMZC run -it --rm ${baseImage} bash --norc\n`);
    await terminal.shows(/bash-5\S+# /);
    // The engine can only size a terminal whose workload has started, so the first look may come too early.
    terminal.type("until stty size | grep 30.100; do sleep 0.05; done\n");
    await terminal.shows("30 100");
    terminal.resize(120, 40);
    terminal.type("until stty size | grep 40.120; do sleep 0.05; done\n");
    await terminal.shows("40 120");
    terminal.type("sleep 100\n");
    await new Promise((resolve) => setTimeout(resolve, 300));
    terminal.type("\x03");
    await terminal.shows(/bash-5\S+# /);
    terminal.type("echo rc=$?\n");
    await terminal.shows("rc=130");
    terminal.type("exit 7\n");
    await terminal.shows("host$ ");
    terminal.type("echo rc=$?; stty -a | grep -o ' -\\?echo '\n");
    await terminal.shows("rc=7");
    await terminal.shows(/\n echo /);
  });

  it("detaches with ctrl-p ctrl-q and leaves the workload running, and shaken", async () => {
    await terminal.shows("host$ ");
    terminal.type(`$NMZC run -it --rm --name nmzc-e2e-detach ${baseImage} bash --norc\n`);
    await terminal.shows(/bash-5\S+# /);
    terminal.type("\x10\x11");
    await terminal.shows("host$ ");
    terminal.type("echo rc=$?\n");
    await terminal.shows("rc=0");
    expect(isRunning("nmzc-e2e-detach")).toBe(true);
    expect(machineState().processes.some((line) => line.includes("nmzc-supervisor"))).toBe(true);
    execFileSync(process.execPath, [cli, "stop", "-t", "1", "nmzc-e2e-detach"]);
  });

  it("goes on after its terminal is lost when the workload ignores that, supervised to its end", async () => {
    await terminal.shows("host$ ");
    const script = "trap '' HUP; echo up; sleep 4";
    terminal.type(`$NMZC run -it --rm --name nmzc-e2e-lost ${baseImage} sh -c "${script}"\n`);
    await terminal.shows("\nup");
    terminal.close();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(isRunning("nmzc-e2e-lost")).toBe(true);
    expect(machineState().processes.some((line) => line.includes("nmzc-supervisor"))).toBe(true);
  });

  it("refuses -t without a terminal, in docker's words", () => {
    expect(() =>
      execFileSync(process.execPath, [cli, "run", "-it", "--rm", baseImage, "true"], {
        input: "",
        encoding: "utf8",
        stdio: "pipe",
      }),
    ).toThrow(/the input device is not a TTY/);
  });
});
