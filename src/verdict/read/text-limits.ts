/** What is kept of a text that a test runner wrote: enough to know a failure by and to show it. */
export const maximumMessageLength = 4096;
/** Half of it from the start, where Java, JavaScript and Go have their top frames; half from the end, where Python has. */
export const maximumDetailsLength = 16_384;
export const maximumNameLength = 1024;

/** The text's start and end, with a line between them that says how much is missing. */
export function headAndTail(text: string, maximumLength: number): string {
  if (text.length <= maximumLength) return text;
  const half = maximumLength >>> 1;
  return `${text.slice(0, half)}\n… ${text.length - 2 * half} characters are left out here …\n${text.slice(-half)}`;
}

/** Collects the start and the end of a text of any length, in memory of at most three times what it keeps. */
export class BoundedText {
  #head = "";
  #tail = "";
  #lengthOfAll = 0;
  readonly #maximumLength: number;

  constructor(maximumLength: number) {
    this.#maximumLength = maximumLength;
  }

  get isEmpty(): boolean {
    return this.#lengthOfAll === 0;
  }

  add(text: string): void {
    this.#lengthOfAll += text.length;
    const room = this.#maximumLength - this.#head.length;
    if (room > 0) this.#head += text.slice(0, room);
    if (text.length > room) this.#tail += text.slice(Math.max(0, room));
    if (this.#tail.length > 2 * this.#maximumLength) this.#tail = this.#tail.slice(-this.#maximumLength);
  }

  text(): string {
    if (this.#tail === "") return this.#head;
    const half = this.#maximumLength >>> 1;
    const missing = this.#lengthOfAll - 2 * half;
    const end = (this.#head + this.#tail).slice(-half);
    return `${this.#head.slice(0, half)}\n… ${missing} characters are left out here …\n${end}`;
  }
}
