import { withDeadline } from "./deadline.js";
import { messageOf } from "./errors.js";

/**
 * How a later process can undo a change whose maker was killed. Written to the run's journal, so plain data:
 * `kind` names the undoer, the rest are its arguments.
 */
export type UndoRecord =
  | { readonly kind: "mount"; readonly path: string }
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "container"; readonly id: string; readonly remove: boolean }
  | { readonly kind: "volume"; readonly name: string }
  | {
      readonly kind: "packet-rules";
      readonly netnsPath: string;
      /** `netnsIdentity`, where the path may lead another process elsewhere, or end before the namespace does. */
      readonly netns?: string;
      readonly queueNumber: number;
    }
  /** `startTicks` tells the process from a later one with its pid. */
  | { readonly kind: "stopped-process"; readonly pid: number; readonly startTicks: number }
  /** Ours to end, with all that descend from it. */
  | { readonly kind: "started-process"; readonly pid: number; readonly startTicks: number }
  | { readonly kind: "file-value"; readonly path: string; readonly value: string };

/** Where records are kept while their change stands; see src/journal/journal.ts. */
export interface UndoJournal {
  add(id: number, record: UndoRecord): void;
  remove(id: number): void;
}

export interface UndoFailure {
  readonly what: string;
  readonly error: unknown;
}

interface UndoEntry {
  readonly id: number;
  readonly what: string;
  readonly undo: () => void | Promise<void>;
  /** The attempt under way, which early and final callers share; a failed one may be repeated. */
  attempt: Promise<void> | undefined;
}

/**
 * Every change to the outside world pushes its undo at the moment it is made. `unwind` runs them newest first,
 * each under its own deadline, goes on past failures and says what it could not undo. It may be called on
 * every exit path, any number of times: a second caller waits for the first.
 */
export class UndoStack {
  readonly #entries: UndoEntry[] = [];
  readonly #journal: UndoJournal | undefined;
  #nextId = 1;
  #unwinding: Promise<UndoFailure[]> | undefined;

  constructor(journal?: UndoJournal) {
    this.#journal = journal;
  }

  /**
   * `what` names the change for people ("mount /run/nmzc/…"). Returns a function that undoes it now, ahead of the
   * others, and takes it off the stack; when that fails it throws, and the change stays for `unwind` to try again.
   */
  push(what: string, undo: () => void | Promise<void>, record?: UndoRecord): () => Promise<void> {
    const entry: UndoEntry = { id: this.#nextId++, what, undo, attempt: undefined };
    if (record !== undefined) this.#journal?.add(entry.id, record);
    this.#entries.push(entry);
    return async () => {
      await this.#undo(entry);
      const index = this.#entries.indexOf(entry);
      if (index >= 0) this.#entries.splice(index, 1);
    };
  }

  unwind(deadlineMs = 10_000): Promise<UndoFailure[]> {
    this.#unwinding ??= this.#unwindAll(deadlineMs).finally(() => {
      this.#unwinding = undefined;
    });
    return this.#unwinding;
  }

  async #unwindAll(deadlineMs: number): Promise<UndoFailure[]> {
    const failures: UndoFailure[] = [];
    for (let entry = this.#entries.pop(); entry !== undefined; entry = this.#entries.pop()) {
      try {
        await withDeadline(this.#undo(entry), deadlineMs);
      } catch (error) {
        failures.push({ what: entry.what, error });
      }
    }
    return failures;
  }

  #undo(entry: UndoEntry): Promise<void> {
    entry.attempt ??= new Promise<void>((resolve) => resolve(entry.undo())).then(
      () => this.#journal?.remove(entry.id),
      (error: unknown) => {
        entry.attempt = undefined;
        throw error;
      },
    );
    return entry.attempt;
  }
}

/** One line a failure, for the end of a run. */
export function describeUndoFailure(failure: UndoFailure): string {
  return `could not undo ${failure.what}: ${messageOf(failure.error)}`;
}
