import { type ChildProcess, fork } from "node:child_process";
import { type ExitCode, NmzError, printable } from "../../util/index.js";
import type { RunOptions } from "../run-in-foreground.js";
import { connectStreams, exitCodeAfterOutput, writeCidFile } from "../streams.js";
import { forwardSignals, type TerminalSession } from "../terminal/index.js";
import type { FromSupervisor, ToSupervisor } from "./messages.js";
import { readRunLog } from "./run-log.js";

/**
 * Starts the supervisor as a process of its own, in a session of its own, and is its client: connects the terminal
 * until the workload ends or the user detaches; with `-d`, prints the container's ID and leaves.
 */
export async function runInBackground(options: RunOptions): Promise<number> {
  const { io, plan, interruption } = options;
  interruption.check();
  const child = fork(io.supervisor, [], {
    detached: true,
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const client = new Client(options, child);
  // A signal before the workload runs undoes the run: the supervisor is told the same way.
  interruption.signal.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
  io.stderr.write(`nmzc: seed ${plan.seed}\n`);
  if (plan.whySeed !== undefined) io.stderr.write(`nmzc: ${plan.whySeed}\n`);
  try {
    return await client.finished;
  } finally {
    client.leave();
  }
}

class Client {
  readonly finished: Promise<number>;
  readonly #options: RunOptions;
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  #containerId = "";
  #streams: TerminalSession | undefined;
  #stopForwarding = (): void => {};
  #finish: (exitCode: number) => void = () => {};
  #fail: (error: unknown) => void = () => {};

  constructor(options: RunOptions, child: ChildProcess) {
    this.#options = options;
    this.#child = child;
    this.finished = new Promise((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
    child.on("message", (message) => this.#onMessage(message as FromSupervisor));
    child.on("error", (error) => this.#fail(error));
    child.on("exit", (code, signal) => {
      const { runId } = options.plan;
      this.#fail(supervisorGone(signal ?? `exit code ${code}`, readRunLog(runId).at(-1)));
    });
  }

  /** The supervisor goes on without this process. */
  leave(): void {
    this.#stopForwarding();
    this.#streams?.restore();
    this.#child.removeAllListeners();
    if (this.#child.connected) this.#child.disconnect();
    this.#child.unref();
  }

  #onMessage(message: FromSupervisor): void {
    const { io, plan } = this.#options;
    switch (message.kind) {
      case "ready":
        this.#send({ kind: "run", request: { ...plan.request, seed: plan.seed }, runId: plan.runId });
        break;
      case "created":
        this.#connect(message.containerId).then(
          () => this.#send({ kind: "attached" }),
          (error) => {
            this.#child.kill("SIGTERM");
            this.#fail(error);
          },
        );
        break;
      case "begins":
        if (!plan.request.isDetached) this.#handSignalsOver();
        break;
      case "started":
        void this.#streams?.containerStarted();
        if (plan.request.isDetached) {
          io.stdout.write(`${this.#containerId}\n`);
          this.#finish(0);
        }
        break;
      case "say":
        // The terminal is raw while the workload runs: lines wait until it is the user's again.
        if (this.#streams === undefined) io.stderr.write(`nmzc: ${printable(message.line)}\n`);
        else this.#lines.push(message.line);
        break;
      case "ended":
        this.#end(message.exitCode);
        break;
      case "failed": {
        const { code, message: text, hint, exitCode } = message.error;
        this.#fail(
          new NmzError(code, text, {
            exitCode: exitCode as ExitCode,
            ...(hint === undefined ? {} : { hint }),
          }),
        );
        break;
      }
    }
  }

  async #connect(containerId: string): Promise<void> {
    const { engine, plan, io } = this.#options;
    const { request } = plan;
    this.#containerId = containerId;
    if (request.cidFile !== undefined) writeCidFile(request.cidFile, containerId);
    if (request.isDetached) return;
    this.#streams = await connectStreams(engine, containerId, request, io, () => this.#finish(0));
  }

  /** Signals are the workload's from now on; with `--sig-proxy=false` they end this client alone. */
  #handSignalsOver(): void {
    const { engine, plan, interruption } = this.#options;
    interruption.release();
    if (plan.request.forwardSignals) this.#stopForwarding = forwardSignals(engine, this.#containerId);
  }

  async #end(exitCode: number): Promise<void> {
    let outputFailure: unknown;
    await this.#streams?.done.catch((error) => {
      outputFailure = error;
    });
    const say = (line: string) => void this.#options.io.stderr.write(`nmzc: ${printable(line)}\n`);
    for (const line of this.#lines) say(line);
    try {
      this.#finish(exitCodeAfterOutput(exitCode, outputFailure, say));
    } catch (error) {
      this.#fail(error);
    }
  }

  #send(message: ToSupervisor): void {
    this.#child.send(message);
  }
}

/** `lastWords` is what it wrote to the run log, where what ends it at once leaves the reason. */
function supervisorGone(how: string, lastWords: string | undefined): NmzError {
  const why = lastWords === undefined ? "" : `: ${lastWords}`;
  return new NmzError("NMZ_SUPERVISOR_GONE", `the process that supervises the run ended (${how})${why}`, {
    hint: "`nmzc prune` removes what it left",
  });
}
