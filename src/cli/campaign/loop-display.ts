import type {
  CampaignFile,
  CampaignListener,
  CampaignTally,
  RunLine,
  RunOrder,
  StopRule,
} from "../../campaign/index.js";
import { clockWords, printable } from "../../util/index.js";
import type { RunFailure } from "../../verdict/index.js";
import { countWords, rateWords } from "./loop-words.js";

type Sink = Pick<NodeJS.WriteStream, "isTTY" | "columns" | "write">;

interface DisplayOptions {
  readonly sink: Sink;
  /** "nmzc" */
  readonly program: string;
  readonly file: CampaignFile;
  readonly stop: StopRule;
  /** How many runs there will be, both arms together. */
  readonly runs: number | undefined;
  /** Whether an earlier campaign had a failure of this signature. */
  readonly isKnown: (id: string) => boolean;
}

/** On a terminal one line is rewritten; elsewhere a line now and then, more seldom the longer it takes. */
const redrawMs = 250;
const firstPlainMs = 10_000;
const lastPlainMs = 300_000;
/** More lines about one failure than this tell a reader of a log nothing new. */
const maxLinesOfOneFailure = 5;

/** Tells how a campaign goes. */
export class LoopDisplay implements CampaignListener {
  readonly #options: DisplayOptions;
  readonly #startMs = performance.now();
  #tally: CampaignTally | undefined;
  #endedBefore = 0;
  #running = 0;
  #lastNew = "";
  #timer: NodeJS.Timeout | undefined;
  #isLineOpen = false;
  #plainMs = firstPlainMs;
  readonly #told = new Map<string, number>();

  constructor(options: DisplayOptions) {
    this.#options = options;
  }

  begins(tally: CampaignTally): void {
    this.#tally = tally;
    this.#endedBefore = tally.ended;
    this.#schedule();
  }

  started(_order: RunOrder): void {
    this.#running += 1;
  }

  dropped(_order: RunOrder): void {
    this.#running -= 1;
  }

  ended(line: RunLine, fresh: readonly RunFailure[], _tally: CampaignTally): void {
    this.#running -= 1;
    const first = this.#newOf(fresh);
    if (first !== undefined) this.#lastNew = `last new: ${titleOf(first)} (run ${line.run})`;
    const text = this.#endWords(line, fresh);
    if (text !== undefined) this.say(text);
  }

  warn(text: string): void {
    this.say(text);
  }

  /** A line of its own. */
  say(text: string): void {
    const { sink, program } = this.#options;
    const clear = this.#isLineOpen ? "\r\u001b[K" : "";
    this.#isLineOpen = false;
    sink.write(`${clear}${program}: ${oneLine(text)}\n`);
  }

  /** What is written next stands on a line of its own. Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
    if (this.#isLineOpen) this.#options.sink.write("\r\u001b[K");
    this.#isLineOpen = false;
  }

  #schedule(): void {
    const isTerminal = this.#options.sink.isTTY === true;
    const delayMs = isTerminal ? redrawMs : this.#plainMs;
    this.#plainMs = Math.min(lastPlainMs, this.#plainMs * 1.5);
    this.#timer = setTimeout(() => {
      if (isTerminal) this.#redraw();
      else this.say(this.#progressWords());
      this.#schedule();
    }, delayMs);
    this.#timer.unref();
  }

  #redraw(): void {
    const { sink, program } = this.#options;
    const text = `${program}: ${oneLine(this.#progressWords())}`;
    // A line that wraps cannot be rewritten.
    const width = Math.max(20, (sink.columns ?? 80) - 1);
    sink.write(`\r${text.length > width ? `${text.slice(0, width - 1)}…` : text}\u001b[K`);
    this.#isLineOpen = true;
  }

  #progressWords(): string {
    const { file, runs } = this.#options;
    const tally = this.#tally!;
    const fuzzed = tally.arm("fuzzed");
    const arms = file.hasBaseline
      ? `fuzzed ${fuzzed.failures} of ${fuzzed.runs} failed: ${rateWords(fuzzed)}, plain ${plainWords(tally)}`
      : `${fuzzed.failures} failed: ${rateWords(fuzzed)}`;
    const timeouts = fuzzed.timeouts + tally.arm("plain").timeouts;
    const errors = fuzzed.errors + tally.arm("plain").errors;
    const parts = [
      `${tally.ended}${runs === undefined ? "" : `/${runs}`} runs`,
      arms,
      ...(timeouts > 0 ? [countWords(timeouts, "timeout")] : []),
      ...(errors > 0 ? [countWords(errors, "error")] : []),
      ...this.#speedWords(),
      ...(this.#lastNew === "" ? [] : [this.#lastNew]),
    ];
    return parts.join(", ");
  }

  #speedWords(): string[] {
    const { runs, stop } = this.#options;
    const elapsedMs = performance.now() - this.#startMs;
    const made = this.#tally!.ended - this.#endedBefore;
    if (made === 0) return [`${clockWords(elapsedMs)}, ${this.#running} running`];
    const perMinute = (made / elapsedMs) * 60_000;
    const left = [
      ...(runs === undefined ? [] : [((runs - this.#tally!.ended) / perMinute) * 60_000]),
      ...(stop.forMs === undefined ? [] : [stop.forMs - elapsedMs]),
    ];
    const eta = left.length === 0 ? [] : [`ETA ${clockWords(Math.max(0, Math.min(...left)))}`];
    return [`${perMinute.toFixed(perMinute < 10 ? 1 : 0)} runs/min`, ...eta];
  }

  /** What is worth a line about one run. */
  #endWords(line: RunLine, fresh: readonly RunFailure[]): string | undefined {
    const { run, arm, outcome, exitCode, durationMs, seed, failures, error } = line;
    const which = this.#options.file.hasBaseline ? `run ${run} (${arm})` : `run ${run}`;
    const time = clockWords(durationMs);
    if (outcome === "pass") return undefined;
    if (outcome === "timeout") return `${which} was ended after ${time} (--timeout); seed ${seed}`;
    if (outcome === "error") return `${which} could not be made: ${error}`;
    const failure = this.#newOf(fresh) ?? fresh[0] ?? failures[0]!;
    const told = (this.#told.get(failure.signature.id) ?? 0) + 1;
    if (told > maxLinesOfOneFailure) return undefined;
    this.#told.set(failure.signature.id, told);
    const more = failures.length > 1 ? ` and ${`${failures.length - 1} more`}` : "";
    const isFirst = fresh.length > 0;
    const note = isFirst ? (this.#newOf(fresh) ? " [new]" : " [known]") : "";
    const last = !isFirst && told === maxLinesOfOneFailure ? " [told no more]" : "";
    return `${which} failed after ${time} (exit ${exitCode}, seed ${seed}): ${titleOf(failure)}${more}${note}${last}`;
  }

  #newOf(fresh: readonly RunFailure[]): RunFailure | undefined {
    return fresh.find(({ signature }) => !this.#options.isKnown(signature.id));
  }
}

function plainWords(tally: CampaignTally): string {
  const plain = tally.arm("plain");
  return `${plain.failures} of ${plain.runs}: ${rateWords(plain)}`;
}

/** "QueueTest > takes: expected 3" */
export function titleOf({ test, title }: RunFailure): string {
  return test === undefined ? title : `${test}: ${title}`;
}

function oneLine(text: string): string {
  return printable(text).replace(/\s*\n\s*/g, " ");
}
