import { chmodSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import type { Engine } from "../../../runtime/engine/index.js";
import { killCgroup, locateContainerCgroup } from "../../../runtime/kernel/index.js";
import { type FilesystemInspector, lossInWords } from "../../inspector/index.js";
import type { CrashLoss } from "../../signal/index.js";
import { messageOf, NmzError, type UndoStack } from "../../util/index.js";
import { type ControlAnswer, type ControlRequest, controlSocketIn, controlVersion } from "./messages.js";

/** Processes that wait in the kernel for something else than us may take their time to die. */
const deathPatienceMs = 2_000;
const maxRequestBytes = 4_096;

export interface RunControlOptions {
  readonly engine: Engine;
  readonly containerId: string;
  readonly runFolder: string;
  readonly filesystems: readonly FilesystemInspector[];
  readonly undo: UndoStack;
  readonly say: (line: string) => void;
}

/** Opens the run's socket. It is closed by the undo stack, and needs no record: it is swept with the run's folder. */
export async function openRunControl(options: RunControlOptions): Promise<RunControl> {
  const control = new RunControl(options);
  await control.listen();
  return control;
}

export class RunControl {
  readonly #options: RunControlOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: RunControlOptions) {
    this.#options = options;
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#serve(socket));
  }

  async listen(): Promise<void> {
    const path = controlSocketIn(this.#options.runFolder);
    this.#options.undo.push(`socket ${path}`, () => this.#close());
    const listening = new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.once("listening", resolve);
    });
    this.#server.listen(path);
    await listening;
    chmodSync(path, 0o600);
  }

  /** The power is cut: every process is killed, and what no volume had synced is lost. As `nmzc crash-fs` asks for it. */
  crash(): Promise<CrashLoss> {
    return this.#inTurn(() => this.#crash(false));
  }

  /** What was asked for so far is done. */
  async idle(): Promise<void> {
    await this.#last;
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => {}); // whoever asked has gone
    socket.setEncoding("utf8");
    let text = "";
    const onData = (chunk: string) => {
      text += chunk;
      if (!text.includes("\n") && text.length <= maxRequestBytes) return;
      socket.off("data", onData);
      socket.resume();
      // One after the other: a second crash finds what the first left.
      const answered = this.#inTurn(() => this.#answer(text.slice(0, text.indexOf("\n") + 1)));
      void answered.then((answer) => socket.end(`${JSON.stringify(answer)}\n`));
    };
    socket.on("data", onData);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {}); // whoever asked for it is told
    return done;
  }

  async #answer(line: string): Promise<ControlAnswer> {
    try {
      return { nmzControl: controlVersion, ...(await this.#crash(readRequest(line).keepRunning)) };
    } catch (error) {
      const { code, hint } =
        error instanceof NmzError ? error : { code: "NMZ_CRASH_FAILED", hint: undefined };
      const told = { code, message: messageOf(error), ...(hint === undefined ? {} : { hint }) };
      return { nmzControl: controlVersion, error: told };
    }
  }

  async #crash(keepRunning: boolean): Promise<CrashLoss> {
    const { filesystems, say } = this.#options;
    if (filesystems.length === 0) {
      throw new NmzError("NMZ_CRASH_NO_VOLUME", "the container has no volume that could crash", {
        hint: "give it one with -v, and leave the fs inspector on",
      });
    }
    if (!keepRunning) await this.#cutPower();
    const losses = await Promise.all(filesystems.map((filesystem) => filesystem.crash()));
    const lost = losses.flatMap((loss) => loss.lost);
    const failed = losses.flatMap((loss) => loss.failed);
    say(`crash: lost ${lossInWords(lost)}`);
    return { lost, failed };
  }

  async #cutPower(): Promise<void> {
    const { engine, containerId } = this.#options;
    const { pid } = await engine.inspectContainer(containerId);
    const group = pid === 0 ? undefined : locateContainerCgroup(pid, containerId)?.threads;
    if (group === undefined) {
      throw new NmzError("NMZ_CRASH_PROCESSES", "the container's processes cannot be found", {
        hint: "kill them yourself, and use --keep-running",
      });
    }
    if (!(await killCgroup(group, deathPatienceMs)))
      this.#options.say("crash: some of the container's processes do not die");
  }

  #close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroySoon();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

function readRequest(line: string): ControlRequest {
  const request = JSON.parse(line) as Partial<ControlRequest>;
  if (request.nmzControl !== controlVersion || request.op !== "crashFs") {
    throw new NmzError("NMZ_CONTROL", "the run does not know what it was asked for", {
      hint: "ask with the nmzc that runs it",
    });
  }
  return { nmzControl: controlVersion, op: "crashFs", keepRunning: request.keepRunning === true };
}
