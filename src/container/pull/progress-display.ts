import type { PullProgress } from "../../../runtime/engine/index.js";
import { progressBar } from "./progress-bar.js";

/** Where progress goes: `process.stderr`, as in docker run, so that stdout is the workload's alone. */
export interface ProgressOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * Pull progress as docker prints it (moby, pkg/jsonmessage). On a terminal each layer has one line, redrawn in place; a
 * line without a layer ("Digest: …") ends the block. Elsewhere every change of state is a line and sizes are left out.
 */
export class ProgressDisplay {
  readonly #output: ProgressOutput;
  /** Line of each layer, counted from the top of the block. */
  readonly #lines = new Map<string, number>();

  constructor(output: ProgressOutput) {
    this.#output = output;
  }

  show(progress: PullProgress): void {
    const prefix = progress.id === undefined ? "" : `${progress.id}: `;
    const columns = this.#output.columns ?? 0;
    const bar = progressBar(progress, columns);
    if (this.#output.isTTY !== true) {
      if (bar === "") this.#output.write(`${prefix}${progress.status}\n`);
      return;
    }
    // "latest: Pulling from library/ubuntu" has an id too, but it is a headline.
    const isHeadline = progress.id === undefined || progress.status.startsWith("Pulling from ");
    if (isHeadline) {
      this.#lines.clear();
      this.#output.write(`\x1b[2K\r${prefix}${progress.status}\n`);
      return;
    }
    const text = `${prefix}${progress.status} ${bar}`;
    const shown = columns > 0 ? text.slice(0, columns - 1) : text; // a wrapped line could not be redrawn
    this.#redraw(progress.id ?? "", shown);
  }

  #redraw(layer: string, text: string): void {
    let line = this.#lines.get(layer);
    let newLine = "";
    if (line === undefined) {
      line = this.#lines.size;
      this.#lines.set(layer, line);
      newLine = "\n";
    }
    const up = this.#lines.size - line;
    this.#output.write(`${newLine}\x1b[${up}A\x1b[2K\r${text}\r\x1b[${up}B`);
  }
}
