import { PassThrough, Writable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Attachment } from "../../../runtime/engine/index.js";
import {
  connectTerminal,
  requireTerminal,
  type TerminalInput,
  type TerminalOptions,
  type TerminalOutput,
} from "../../../src/container/terminal/index.js";

/** A terminal's keyboard that remembers its modes. */
class FakeInput extends PassThrough {
  readonly modes: boolean[] = [];
  readonly isTTY: boolean;
  isRaw = false;

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  setRawMode(mode: boolean): void {
    this.isRaw = mode;
    this.modes.push(mode);
  }
}

/** A screen or a pipe; `fails` is what its next write answers. */
class FakeOutput extends Writable {
  readonly isTTY: boolean;
  columns = 80;
  rows = 24;
  text = "";
  fails: NodeJS.ErrnoException | undefined;

  constructor(isTTY = false) {
    super({ emitClose: false, autoDestroy: false });
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer, _: BufferEncoding, callback: (error?: Error | null) => void): void {
    if (this.fails === undefined) this.text += chunk.toString();
    callback(this.fails);
  }
}

function failure(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`write ${code}`), { code });
}

/** A container's streams, from the container's side. */
function fakeContainer() {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const stdin = new PassThrough();
  let end!: () => void;
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  const attachment: Attachment = { stdout, stderr, stdin, done, close: () => stdout.destroy() };
  const exit = (): void => {
    stdout.end();
    stderr.end();
    end();
  };
  return { attachment, stdout, stderr, stdin, exit };
}

function connect(overrides: Partial<TerminalOptions> & { isTTY?: boolean } = {}) {
  const container = fakeContainer();
  const stdin = new FakeInput(overrides.isTTY ?? true);
  const stdout = new FakeOutput(overrides.isTTY ?? true);
  const stderr = new FakeOutput();
  const sizes: string[] = [];
  const session = connectTerminal({
    attachment: container.attachment,
    stdin: stdin as unknown as TerminalInput,
    stdout: stdout as TerminalOutput,
    stderr: stderr as TerminalOutput,
    hasTty: true,
    isInteractive: true,
    detachKeys: [16, 17],
    resize: async (columns, rows) => void sizes.push(`${columns}x${rows}`),
    ...overrides,
  });
  return { container, stdin, stdout, stderr, sizes, session };
}

describe("connectTerminal", () => {
  it("goes raw while it is joined and puts the mode back at the end", async () => {
    const { container, stdin, session } = connect();
    expect(stdin.modes).toEqual([true]);
    container.exit();
    expect(await session.done).toBe("ended");
    expect(stdin.modes).toEqual([true, false]);
    session.restore();
    expect(stdin.modes).toEqual([true, false]);
  });

  it("puts the mode back when the process exits by another way", () => {
    const before = process.listeners("exit");
    const { stdin } = connect();
    const [added] = process.listeners("exit").filter((listener) => !before.includes(listener));
    added?.call(process, 1);
    expect(stdin.modes).toEqual([true, false]);
  });

  it.each([
    ["-t", { isTTY: false }],
    ["-i alone", { hasTty: false }],
    ["-t alone", { isInteractive: false }],
  ])("stays out of raw mode where stdin is no terminal or with %s", async (_, overrides) => {
    const { container, stdin, session } = connect(overrides);
    container.exit();
    await session.done;
    expect(stdin.modes).toEqual([]);
  });

  it("keeps stdout and stderr apart and hands both over before it is done", async () => {
    const { container, stdout, stderr, session } = connect({ hasTty: false, isInteractive: false });
    container.stdout.write("out");
    container.stderr.write("err");
    container.exit();
    await session.done;
    expect([stdout.text, stderr.text]).toEqual(["out", "err"]);
  });

  it("half-closes the workload's stdin when ours ends, after the last byte", async () => {
    const { container, stdin, session } = connect({ hasTty: false, isTTY: false });
    const got: Buffer[] = [];
    container.stdin.on("data", (chunk: Buffer) => got.push(chunk));
    const ended = new Promise((resolve) => container.stdin.once("end", resolve));
    stdin.end("typed");
    await ended;
    expect(Buffer.concat(got).toString()).toBe("typed");
    container.exit();
    expect(await session.done).toBe("ended");
  });

  it("does not look for detach keys without a terminal: a pipe may hold any byte", async () => {
    const { container, stdin, session } = connect({ hasTty: false, isTTY: false });
    stdin.end(Buffer.from([16, 17, 65]));
    const got: Buffer[] = [];
    for await (const chunk of container.stdin) got.push(chunk as Buffer);
    expect([...Buffer.concat(got)]).toEqual([16, 17, 65]);
    container.exit();
    await session.done;
  });

  it("detaches at the keys with the terminal restored, and tells so", async () => {
    let wasTold = false;
    const { container, stdin, session } = connect({
      onDetach: () => {
        wasTold = true;
      },
    });
    stdin.write(Buffer.from([16]));
    stdin.write(Buffer.from([17]));
    expect(await session.done).toBe("detached");
    expect(wasTold).toBe(true);
    expect(container.stdout.destroyed).toBe(true);
    expect(stdin.isRaw).toBe(false);
  });

  it("waits with the workload's output while our reader is slow", async () => {
    const { container, stdout, session } = connect({ hasTty: false, isInteractive: false });
    const waiting: (() => void)[] = [];
    stdout._write = (_chunk, _encoding, callback) => void waiting.push(callback);
    let written = 0;
    while (written < 1000 && container.stdout.write(Buffer.alloc(16_384))) written += 1;
    await turn();
    while (written < 1000 && container.stdout.write(Buffer.alloc(16_384))) written += 1;
    expect(written).toBeLessThan(20);
    stdout._write = (_chunk, _encoding, callback) => callback();
    for (const callback of waiting) callback();
    container.exit();
    expect(await session.done).toBe("ended");
  });

  it("tells when nobody reads our output any more, and lets the workload write on", async () => {
    const { container, stdout, session } = connect({ hasTty: false, isInteractive: false });
    stdout.fails = failure("EPIPE");
    container.stdout.write("to nobody");
    expect(await session.done).toBe("output-closed");
    for (let i = 0; i < 50; i++) {
      container.stdout.write(Buffer.alloc(65_536));
      await turn();
    }
    expect(container.stdout.readableLength + container.stdout.writableLength).toBeLessThan(200_000);
  });

  it("fails with the reason when our output cannot be written", async () => {
    const { container, stdout, session } = connect({ hasTty: false, isInteractive: false });
    stdout.fails = failure("ENOSPC");
    container.stdout.write("to a full disk");
    await expect(session.done).rejects.toMatchObject({
      code: "NMZ_TERMINAL_OUTPUT",
      message: expect.stringContaining("ENOSPC"),
    });
  });

  it("gives the container our size when it has started and at every change", async () => {
    const { container, stdout, sizes, session } = connect();
    expect(sizes).toEqual([]);
    await session.containerStarted();
    stdout.columns = 132;
    stdout.emit("resize");
    expect(sizes).toEqual(["80x24", "132x24"]);
    container.exit();
    await session.done;
    stdout.emit("resize");
    expect(sizes).toHaveLength(2);
  });

  it("tries the size again while the container's terminal is not there yet", async () => {
    let attempts = 0;
    const { container, session } = connect({
      resize: async () => {
        attempts += 1;
        if (attempts < 3) throw new Error("cannot resize a stopped container");
      },
    });
    await session.containerStarted();
    expect(attempts).toBe(3);
    container.exit();
    await session.done;
  });

  it("leaves no listener on our streams", async () => {
    const { container, stdin, stdout, session } = connect();
    const count = (stream: NodeJS.EventEmitter): number =>
      ["data", "drain", "resize"].reduce((sum, event) => sum + stream.listenerCount(event), 0);
    container.exit();
    await session.done;
    expect(count(stdin) + count(stdout)).toBe(0);
  });
});

describe("requireTerminal", () => {
  it("refuses -it without a terminal in docker's words, with exit code 1", () => {
    expect(() => requireTerminal({ isTTY: false }, { hasTty: true, isInteractive: true })).toThrow(
      expect.objectContaining({ message: "the input device is not a TTY", exitCode: 1 }),
    );
  });

  it("lets everything else pass", () => {
    requireTerminal({ isTTY: true }, { hasTty: true, isInteractive: true });
    requireTerminal({ isTTY: false }, { hasTty: true, isInteractive: false });
    requireTerminal({}, { hasTty: false, isInteractive: true });
  });
});
