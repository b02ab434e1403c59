import { fileURLToPath } from "node:url";
import { spawn } from "node-pty";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requires } from "../../helpers/requires.js";

requires("root", "built", "bash", "package:node-pty");

const nmz = fileURLToPath(new URL("../../../dist/bin/nmz.js", import.meta.url));

/** nmz below a shell on a pty, as a user has it: the shell shows what state the terminal is left in. */
class Terminal {
  readonly #pty = spawn("bash", ["--norc", "--noprofile"], {
    name: "dumb", // no sequences between the words
    cols: 100,
    rows: 30,
    env: { ...process.env, PS1: "host$ ", SHAKEN: `${process.execPath} ${nmz} inspectors proc` },
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

  /** Waits for the text in what came since the last `shows`, and forgets it up to its end. */
  async shows(pattern: RegExp): Promise<void> {
    await expect.poll(() => this.#screen, { timeout: 20_000, interval: 20 }).toMatch(pattern);
    const found = pattern.exec(this.#screen)!;
    this.#screen = this.#screen.slice(found.index + found[0].length);
  }

  close(): void {
    this.#pty.kill("SIGKILL");
  }
}

let terminal: Terminal;
beforeEach(async () => {
  terminal = new Terminal();
  await terminal.shows(/host\$ /);
});
afterEach(() => terminal.close());

describe("nmz inspectors proc in a terminal", () => {
  it("gives the command a terminal of our size, follows a resize, and passes keys and Ctrl-C on", async () => {
    terminal.type("PS1='in# ' $SHAKEN -- bash --norc --noprofile -i\n");
    await terminal.shows(/\nin# /);
    terminal.type("stty size\n");
    await terminal.shows(/30 100\r\n/);
    terminal.resize(120, 40);
    terminal.type("until stty size | grep '40 120'; do sleep 0.05; done\n");
    await terminal.shows(/\n40 120\r\n/);
    terminal.type("sh -c 'echo up; exec sleep 100'\n");
    await terminal.shows(/\nup\r\n/);
    terminal.type("\x03");
    await terminal.shows(/in# /);
    terminal.type("echo rc=$?\n");
    await terminal.shows(/\nrc=130\r\n/);
    terminal.type("exit 7\n");
    await terminal.shows(/events \(proc \d+\)/);
    await terminal.shows(/host\$ /);
    terminal.type("echo rc=$?; stty -a | grep -o ' -\\?echo '\n");
    await terminal.shows(/\nrc=7\r\n echo /);
  });

  it("puts the terminal back when the command is killed", async () => {
    terminal.type("$SHAKEN -- sh -c 'kill -KILL $$'\n");
    await terminal.shows(/host\$ /);
    terminal.type("echo rc=$?; stty -a | grep -o ' -\\?echo '\n");
    await terminal.shows(/\nrc=137\r\n echo /);
  });

  it("sends Ctrl-C once to a command whose output is elsewhere", async () => {
    const script =
      "trap 'n=$((n+1))' INT; echo up >&2; while [ -z \"$n\" ]; do sleep 0.1; done; sleep 0.3; exit $n";
    terminal.type(`$SHAKEN -- sh -c '${script.replaceAll("'", `'\\''`)}' | cat\n`);
    await terminal.shows(/\nup\r\n/);
    terminal.type("\x03");
    await terminal.shows(/host\$ /);
    terminal.type("echo rc=$PIPESTATUS\n");
    await terminal.shows(/\nrc=1\r\n/);
  });
});
