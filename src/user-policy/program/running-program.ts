import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import type { Answer, AuthorContext, EarlierRun } from "../../policy/index.js";
import { type Event, FilesystemCrashAction, ShellAction } from "../../signal/index.js";
import { messageOf } from "../../util/index.js";
import { protocolVersion } from "./describe-program.js";
import { describeEnd, killProgram, type ProgramCommand, startProgram } from "./program-command.js";
import { readAnswer } from "./read-answer.js";

interface Question {
  readonly event: Event;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

// A program that reads slower than events come must not fill our memory.
const maxUnreadBytes = 16 << 20;
const maxQuestions = 100_000;
const endsWithinMs = 500;

/**
 * A policy's program for one run, and the questions it has not answered. When it dies or falls behind, events go on
 * unshaken; it is not started again, since what it remembered is gone. Ends with the run.
 */
export class RunningProgram {
  readonly #context: AuthorContext<unknown>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #questions = new Map<number, Question>();
  readonly #said = new Set<string>();
  #lastId = 0;
  #end: Error | undefined;
  #isClosing = false;

  constructor(command: ProgramCommand, context: AuthorContext<unknown>, wantsHistory: boolean) {
    this.#context = context;
    this.#child = startProgram(command);
    this.#child.on("error", (error) => this.#ended(error));
    this.#child.on("close", (code, signal) =>
      this.#ended(new Error(`its program ended with ${describeEnd(code, signal)}; events go on unshaken`)),
    );
    this.#child.stdin.on("error", () => {}); // that it ended says more
    createInterface({ input: this.#child.stdout }).on("line", (line) => this.#onLine(line));
    createInterface({ input: this.#child.stderr }).on("line", (line) => context.log(line));
    this.#send({
      nmzPolicy: protocolVersion,
      type: "start",
      params: context.params,
      seed: context.randomNamed("program").integer(0, 0xffff_ffff),
      cpuCount: context.cpuCount,
      // Reading it takes a while in a folder of many runs.
      ...(wantsHistory ? { history: context.history.map(described) } : {}),
    });
  }

  /** Throws when the program has ended, or does not read what it is asked. */
  ask(event: Event): Promise<Answer> {
    if (this.#end !== undefined) throw this.#end;
    if (this.#child.stdin.writableLength > maxUnreadBytes || this.#questions.size >= maxQuestions) {
      throw new Error("its program does not keep up with the events; those that it is not asked about go on");
    }
    const id = ++this.#lastId;
    const { clock, randomFor } = this.#context;
    this.#send({ type: "event", id, nowMs: clock.nowMs(), random: randomFor(event).next(), event });
    return new Promise((resolve, reject) => this.#questions.set(id, { event, resolve, reject }));
  }

  /** Its input ends, which tells it to end; half a second later it is made to. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#end !== undefined) return;
    const ended = new Promise<void>((resolve) => this.#child.once("close", () => resolve()));
    const timer = setTimeout(() => killProgram(this.#child), endsWithinMs);
    this.#child.stdin.end();
    await ended;
    clearTimeout(timer);
    killProgram(this.#child); // what it may have started
  }

  #send(message: object): void {
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  #ended(error: Error): void {
    if (this.#end !== undefined) return;
    this.#end = error;
    for (const { resolve, reject } of this.#questions.values()) {
      if (this.#isClosing) resolve(undefined);
      else reject(error);
    }
    this.#questions.clear();
  }

  #onLine(line: string): void {
    try {
      this.#take(JSON.parse(line));
    } catch (error) {
      this.#sayOnce(
        "line",
        `it wrote what is no line of the protocol (${messageOf(error)}): ${line.slice(0, 120)}`,
      );
    }
  }

  #take(message: Readonly<Record<string, unknown>>): void {
    const { id, log, emit } = message;
    if (typeof log === "string") this.#context.log(log);
    const question = id === undefined ? undefined : this.#questions.get(id as number);
    if (emit !== undefined) this.#emit(emit, question?.event);
    if (id === undefined) return;
    if (question === undefined) {
      this.#sayOnce(
        "id",
        `it answered ${JSON.stringify(id)}, which it was not asked or had answered already`,
      );
      return;
    }
    this.#questions.delete(id as number);
    try {
      question.resolve(readAnswer(message, question.event));
    } catch (error) {
      question.reject(error);
    }
  }

  /** `at`: the event that the same line answers. */
  #emit(action: unknown, at: Event | undefined): void {
    const { class: name, option } = (action ?? {}) as {
      class?: unknown;
      option?: { command?: unknown; filesystem?: unknown };
    };
    const filesystem = option?.filesystem;
    if (name === "ShellAction" && typeof option?.command === "string") {
      this.#context.emit(new ShellAction(option.command));
    } else if (
      name === "FilesystemCrashAction" &&
      (filesystem === undefined || typeof filesystem === "string")
    ) {
      this.#context.emit(new FilesystemCrashAction(at, filesystem));
    } else {
      throw new TypeError(
        'emit: expected {"class":"ShellAction","option":{"command":"…"}} or {"class":"FilesystemCrashAction"}',
      );
    }
  }

  #sayOnce(kind: string, line: string): void {
    if (this.#said.has(kind)) return;
    this.#said.add(kind);
    this.#context.log(line);
  }
}

function described({ run, seed, failed, exitCode, command, endedAt }: EarlierRun): object {
  return { run, seed, failed, exitCode, command, endedAt };
}
