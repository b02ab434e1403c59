import { closeSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { processStartTicks } from "../../runtime/kernel/index.js";
import { messageOf, NmzError, type UndoJournal, type UndoRecord } from "../util/index.js";
import { type JournalContent, type JournalEngine, journalVersion, parseJournal } from "./journal-content.js";
import { createRuntimeFolder, isOursAlone, runtimeFolder } from "./run-folder.js";

/**
 * `/run/nmzc/<run>.json`, rewritten atomically at every change: after a `kill -9` it says what is left. It is gone
 * once nothing is.
 */
export class Journal implements UndoJournal {
  readonly #file: string;
  readonly #draft: string;
  readonly #startTicks = processStartTicks(process.pid) ?? 0;
  readonly #runId: string;
  readonly #seed: string;
  readonly #maker: "container" | "standalone";
  readonly #engine: JournalEngine | undefined;
  readonly #records = new Map<number, UndoRecord>();

  constructor(
    runId: string,
    seed: string,
    maker: "container" | "standalone" = "container",
    engine: JournalEngine | undefined = undefined,
  ) {
    createRuntimeFolder();
    this.#file = join(runtimeFolder, `${runId}.json`);
    // Names its writer, so that a sweep knows a draft whose writer was killed.
    this.#draft = `${this.#file}.${process.pid}-${this.#startTicks}.new`;
    this.#runId = runId;
    this.#seed = seed;
    this.#maker = maker;
    this.#engine = engine;
  }

  add(id: number, record: UndoRecord): void {
    this.#records.set(id, record);
    try {
      this.#write();
    } catch (error) {
      throw new NmzError("NMZ_JOURNAL", `cannot write ${this.#file}: ${messageOf(error)}`, {
        hint: `make room below ${runtimeFolder}: no change is made that a crash would leave behind`,
        cause: error,
      });
    }
  }

  remove(id: number): void {
    if (!this.#records.delete(id)) return;
    if (this.#records.size === 0) {
      rmSync(this.#file, { force: true });
      return;
    }
    try {
      this.#write();
    } catch {
      // The disk is full, say. What is undone stays on record, and undoing it twice does no harm.
    }
  }

  #write(): void {
    const content: JournalContent = {
      nmzJournal: journalVersion,
      runId: this.#runId,
      seed: this.#seed,
      pid: process.pid,
      startTicks: this.#startTicks,
      ...(this.#maker === "standalone" ? { maker: this.#maker } : {}),
      ...(this.#engine === undefined ? {} : { engine: this.#engine.address }),
      ...(this.#engine?.kind === undefined ? {} : { engineKind: this.#engine.kind }),
      records: [...this.#records.values()],
    };
    const fd = openSync(this.#draft, "w", 0o600);
    try {
      writeSync(fd, `${JSON.stringify(content)}\n`);
    } finally {
      closeSync(fd);
    }
    renameSync(this.#draft, this.#file);
  }
}

/** A journal found on disk; `content` is undefined when it cannot be read, or is not of this user's making. */
export interface FoundJournal {
  readonly file: string;
  readonly content: JournalContent | undefined;
}

export function listJournals(): FoundJournal[] {
  return namesOfFiles()
    .filter((name) => name.endsWith(".json"))
    .map((name) => ({ file: join(runtimeFolder, name), content: readJournal(join(runtimeFolder, name)) }));
}

/** Removes what a process that was killed while it wrote its journal has left: the journal itself is whole. */
export function removeDrafts(): void {
  for (const name of namesOfFiles()) {
    const [, pid, startTicks] = /\.json\.(\d+)-(\d+)\.new$/.exec(name) ?? [];
    if (pid === undefined || processStartTicks(Number(pid)) === Number(startTicks)) continue;
    rmSync(join(runtimeFolder, name), { force: true });
  }
}

function namesOfFiles(): string[] {
  try {
    return readdirSync(runtimeFolder);
  } catch {
    return [];
  }
}

/** True while the process that wrote the journal lives. */
export function isSupervised(journal: JournalContent): boolean {
  return processStartTicks(journal.pid) === journal.startTicks;
}

function readJournal(file: string): JournalContent | undefined {
  try {
    return isOursAlone(file) ? parseJournal(readFileSync(file, "utf8")) : undefined;
  } catch {
    return undefined;
  }
}
