import { closeSync, mkdirSync, openSync, readSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import type { ActionObserver } from "../../record/index.js";
import type { Action, SignalJson } from "../../signal/index.js";
import { goJson, names } from "../storage/index.js";

const maxPending = 1 << 18;

/**
 * actions/N.action.json and N.event.json, as the original's. Two files for each action would slow down what is measured,
 * so while the run lasts actions go to one file, a line each, and the many are made of it at the end.
 */
export class ActionFiles implements ActionObserver {
  readonly #folder: string;
  readonly #spool: string;
  readonly #onError: (error: unknown, while_: string) => void;
  #fd: number | undefined;
  #pending: string[] = [];
  #pendingSize = 0;
  #count = 0;

  constructor(runFolder: string, onError: (error: unknown, while_: string) => void) {
    this.#folder = join(runFolder, names.actions);
    this.#spool = join(runFolder, "actions.spool");
    this.#onError = onError;
    this.#fd = openSync(this.#spool, "w+", 0o600);
  }

  /** Of actions. */
  get count(): number {
    return this.#count;
  }

  onAction(action: Action): void {
    if (this.#fd === undefined) return;
    const pair = { action: storedAction(action), event: action.event?.toJSON() };
    const line = `${JSON.stringify(pair)}\n`;
    this.#count += 1;
    this.#pending.push(line);
    this.#pendingSize += line.length;
    if (this.#pendingSize >= maxPending) this.#flush();
  }

  /** Makes the files. Throws what the file system throws; the spool stays then. */
  write(): void {
    this.#flush();
    if (this.#fd === undefined) return;
    const fd = this.#fd;
    this.#fd = undefined;
    mkdirSync(this.#folder);
    let number = 0;
    for (const line of linesOf(fd)) {
      const { action, event } = JSON.parse(line) as { action: SignalJson; event?: SignalJson };
      writeFileSync(join(this.#folder, `${number}.action.json`), goJson(action), { mode: 0o644 });
      if (event !== undefined) {
        writeFileSync(join(this.#folder, `${number}.event.json`), goJson(event), { mode: 0o644 });
      }
      number += 1;
    }
    closeSync(fd);
    rmSync(this.#spool);
  }

  /** Lets go of the file where nothing is to be made of it: it stays, and holds what a run that did not end has done. */
  close(): void {
    this.#flush();
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #flush(): void {
    const text = this.#pending.join("");
    this.#pending = [];
    this.#pendingSize = 0;
    if (this.#fd === undefined || text === "") return;
    try {
      const bytes = Buffer.from(text);
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#fd, bytes, written);
    } catch (error) {
      closeSync(this.#fd);
      this.#fd = undefined;
      this.#onError(error, "actions were being recorded; the rest of the run has no files in actions/");
    }
  }
}

/** The original's NopAction names no event: nobody is answered. */
function storedAction(action: Action): SignalJson {
  const { event_uuid, ...json } = action.toJSON();
  return action.class === "NopAction" || event_uuid === undefined ? json : { ...json, event_uuid };
}

function* linesOf(fd: number): Generator<string> {
  const decoder = new StringDecoder("utf8");
  const chunk = Buffer.allocUnsafe(1 << 16);
  let rest = "";
  for (let position = 0; ; ) {
    const count = readSync(fd, chunk, 0, chunk.length, position);
    if (count === 0) return;
    position += count;
    const lines = (rest + decoder.write(chunk.subarray(0, count))).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}
