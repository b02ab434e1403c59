import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Environment } from "../docker-config.js";
import { EngineError } from "../engine-error.js";
import { findProgram, podmanCommand } from "./podman-command.js";
import { socketOf, sweepEmbedded } from "./socket-file.js";

const startPatienceMs = 60_000;
/** A Podman that ends at once would else be started for ever. */
const mostRestarts = 20;

export interface EmbeddedPodman {
  readonly socketPath: string;
  readonly pid: number;
}

let running: Promise<EmbeddedPodman> | undefined;

/** Whether it may be the default here: root, and a Podman in PATH. */
export function canStartEmbedded(environment: Environment): boolean {
  return process.getuid?.() === 0 && findProgram("podman", environment) !== undefined;
}

/**
 * The Podman service that is this process's child, started at the first call. Throws EngineError ENGINE_NOT_FOUND where
 * there is none to start, or with what it said when it ended.
 */
export function startEmbedded(environment: Environment): Promise<EmbeddedPodman> {
  running ??= start(environment).catch((error: unknown) => {
    running = undefined;
    throw error;
  });
  return running;
}

async function start(environment: Environment): Promise<EmbeddedPodman> {
  if (process.getuid?.() !== 0) {
    throw new EngineError("the embedded engine needs root", {
      code: "ENGINE_NO_ACCESS",
      hint: "run nmzc as root",
    });
  }
  const podman = findProgram("podman", environment);
  if (podman === undefined) {
    throw new EngineError("there is no podman in PATH to be the embedded engine", {
      code: "ENGINE_NOT_FOUND",
      hint: "install it (apt install podman), or choose another engine",
    });
  }
  sweepEmbedded();
  const socketPath = socketOf(process.pid);
  rmSync(socketPath, { force: true });
  const service = new PodmanService(podmanCommand(podman, socketPath, environment), socketPath, environment);
  process.once("exit", () => service.end());
  return { socketPath, pid: await service.answers() };
}

/** The child; another takes its place when it dies. */
class PodmanService {
  readonly #command: readonly [string, ...string[]];
  readonly #environment: Environment;
  readonly #socketPath: string;
  #child!: ChildProcess;
  #lastWords = "";
  #hasAnswered = false;
  #isOver = false;
  #restarts = 0;

  constructor(command: readonly [string, ...string[]], socketPath: string, environment: Environment) {
    this.#command = command;
    this.#socketPath = socketPath;
    this.#environment = environment;
    this.#spawn();
  }

  /** The pid, once it answers. Throws when it ends, or has not answered for a minute. */
  async answers(): Promise<number> {
    for (const until = performance.now() + startPatienceMs; !this.#isOver; await sleep(5)) {
      if (await isListening(this.#socketPath)) {
        this.#hasAnswered = true;
        return this.#child.pid!;
      }
      if (performance.now() > until) {
        this.end();
        this.#lastWords ||= "it does not answer";
      }
    }
    throw new EngineError(`podman system service could not be started: ${this.#lastWords.trim()}`, {
      code: "ENGINE_NOT_FOUND",
      hint: "see whether `podman info` works here",
    });
  }

  end(): void {
    this.#isOver = true;
    this.#child.kill("SIGTERM");
    rmSync(this.#socketPath, { force: true });
  }

  #spawn(): void {
    const [program, ...words] = this.#command;
    // A session of its own: a Ctrl-C for the workload is not for its engine.
    const child = spawn(program, words, {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...this.#environment },
      detached: true,
    });
    this.#child = child;
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-2000);
    });
    child.once("error", (error) => {
      this.#lastWords = error.message;
      this.#isOver = true;
    });
    child.once("close", (code, signal) => {
      if (this.#isOver) return;
      this.#lastWords ||= `it ended with ${signal ?? code}`;
      // One that was killed leaves its socket, and the next could not bind it.
      rmSync(this.#socketPath, { force: true });
      if (this.#hasAnswered && this.#restarts++ < mostRestarts) this.#spawn();
      else this.#isOver = true;
    });
    child.unref();
    (child.stderr as unknown as { unref(): void }).unref();
  }
}

function isListening(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const answer = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
  });
}
