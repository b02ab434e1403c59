import type { PullProgress } from "../../../runtime/engine/index.js";
import { progressBar } from "./progress-bar.js";

/** Where progress goes: `process.stderr`, as in docker run, so that stdout is the workload's alone. */
export interface ProgressOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/**
 * Pull progress as docker prints it (moby, pkg/jsonmessage). On a terminal each layer has one line, redrawn in place; a
 * line without a layer ("Digest: …") ends the block. Elsewhere every change of state is a line and sizes are left out.
 * Podman's engine sends the layers alone: the lines about the whole image are the caller's to add (`headline`, `end`).
 */
export class ProgressDisplay {
  readonly #output: ProgressOutput;
  /** Line of each layer, counted from the top of the block. */
  readonly #lines = new Map<string, number>();
  /** What was last said of each layer, where nothing is redrawn. */
  readonly #said = new Map<string, string>();
  readonly #headline: PullProgress;
  #hasHeadline = false;
  #hasStatus = false;

  /** `name` and `repository` are the headline's, should the engine have none: "v1: Pulling from library/ubuntu". */
  constructor(output: ProgressOutput, name: string, repository: string) {
    this.#output = output;
    this.#headline = lineOf(`Pulling from ${repository}`, name);
  }

  /** The pull is over; says what became of it unless the engine has. */
  end(digest: string | undefined, status: string): void {
    if (this.#hasStatus) return;
    if (digest !== undefined) this.show(lineOf(`Digest: ${digest}`));
    this.show(lineOf(`Status: ${status}`));
  }

  show(progress: PullProgress): void {
    // "latest: Pulling from library/ubuntu" has an id too, but it is a headline.
    const isHeadline = progress.id === undefined || progress.status.startsWith("Pulling from ");
    if (!isHeadline && !this.#hasHeadline) this.show(this.#headline);
    this.#hasHeadline = true;
    this.#hasStatus ||= progress.id === undefined && progress.status.startsWith("Status: ");
    const prefix = progress.id === undefined ? "" : `${progress.id}: `;
    const columns = this.#output.columns ?? 0;
    const bar = progressBar(progress, columns);
    if (this.#output.isTTY !== true) {
      if (bar !== "" || this.#said.get(prefix) === progress.status) return;
      this.#said.set(prefix, progress.status);
      this.#output.write(`${prefix}${progress.status}\n`);
      return;
    }
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
    // What has left the screen at its top cannot be reached: the cursor would stop at another layer's line.
    if (this.#output.rows !== undefined && this.#output.rows > 0 && up >= this.#output.rows) return;
    this.#output.write(`${newLine}\x1b[${up}A\x1b[2K\r${text}\r\x1b[${up}B`);
  }
}

function lineOf(status: string, id?: string): PullProgress {
  return { id, status, currentBytes: undefined, totalBytes: undefined };
}
