/** A line that is longer is no line of ours. */
const maxHeldBytes = 4096;
const newline = 0x0a;

/**
 * Parts a run's stderr: lines that begin with "nmzc: " or "nmz: " are our own, the rest is the workload's, whose words say
 * what failed. Only the beginning of a line is held back until it is known whose it is. What a run says at its end is ours behind
 * a line of the workload's without an end, too: Maven's last word on stderr is an escape sequence.
 */
export class OwnLines {
  readonly #ours: (line: Buffer) => void;
  readonly #theirs: (chunk: Buffer) => void;
  /** The beginning of a line of which nothing was handed on. */
  #held = Buffer.alloc(0);
  #isInTheirLine = false;

  constructor(ours: (line: Buffer) => void, theirs: (chunk: Buffer) => void) {
    this.#ours = ours;
    this.#theirs = theirs;
  }

  add(chunk: Buffer): void {
    let rest = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = Buffer.alloc(0);
    while (rest.length > 0) {
      const end = rest.indexOf(newline) + 1;
      const line = end === 0 ? rest : rest.subarray(0, end);
      const lastWords = lastWordsIn(line);
      if (lastWords > 0) {
        this.#pass(line.subarray(0, lastWords), true);
        rest = rest.subarray(lastWords);
        continue;
      }
      if (lastWords === 0) this.#isInTheirLine = false;
      if (this.#isInTheirLine) this.#pass(line, end > 0);
      else if (isOurs(line)) {
        if (end === 0 && line.length < maxHeldBytes) {
          this.#held = Buffer.from(line);
          return;
        }
        this.#ours(line);
      } else if (end === 0 && mayBecomeOurs(line)) {
        this.#held = Buffer.from(line);
        return;
      } else this.#pass(line, end > 0);
      rest = rest.subarray(line.length);
    }
  }

  /** What is held back at the end. */
  end(): void {
    if (this.#held.length === 0) return;
    if (isOurs(this.#held)) this.#ours(this.#held);
    else this.#theirs(this.#held);
  }

  #pass(line: Buffer, isWhole: boolean): void {
    this.#theirs(line);
    this.#isInTheirLine = !isWhole;
  }
}

const beginnings = ["nmzc: ", "nmz: "];

function isOurs(line: Buffer): boolean {
  const start = line.subarray(0, 6).toString("latin1");
  return beginnings.some((each) => start.startsWith(each));
}

function mayBecomeOurs(line: Buffer): boolean {
  const start = line.subarray(0, 6).toString("latin1");
  return beginnings.some((each) => each.startsWith(start));
}

/** Where in a line the run's last words begin, -1: nowhere. A run writes them at once, so they are not in two chunks. */
function lastWordsIn(line: Buffer): number {
  return line.toString("latin1").search(/nmzc?: seed [\da-f]{16}: /);
}
