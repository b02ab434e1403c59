const width = 30;

/** "[##########--------------------] 10/30 tcp-order" */
export function barText(done: number, all: number, label: string): string {
  const filled = all === 0 ? width : Math.round((done / all) * width);
  return `[${"#".repeat(filled)}${"-".repeat(width - filled)}] ${done}/${all} ${label}`;
}

/** A progress bar on a terminal; elsewhere a line whenever the label changes, so that a log stays readable. */
export class ProgressBar {
  readonly #stream: NodeJS.WriteStream;
  readonly #all: number;
  #lastLabel = "";

  constructor(stream: NodeJS.WriteStream, all: number) {
    this.#stream = stream;
    this.#all = all;
  }

  show(done: number, label: string, detail: string): void {
    if (this.#stream.isTTY)
      this.#stream.write(`\r\u001b[K${barText(done, this.#all, `${label}  ${detail}`)}`);
    else if (label !== this.#lastLabel) this.#stream.write(`${barText(done, this.#all, label)}\n`);
    this.#lastLabel = label;
  }

  end(): void {
    if (this.#stream.isTTY) this.#stream.write("\r\u001b[K");
  }
}
