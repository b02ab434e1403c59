import { rmSync } from "node:fs";
import { messageOf, type UndoRecord, withDeadline } from "../util/index.js";
import { isSupervised, listJournals, removeDrafts } from "./journal.js";
import type { JournalContent, JournalEngine } from "./journal-content.js";
import { type ContainerRecord, describeRecord, isContainerRecord, undoKernelRecord } from "./undo-record.js";

/** An engine that hangs must not make everybody wait who starts a run: what it did not do waits for the next sweep. */
const deadlineMs = 30_000;

/** What a sweep did, for people: lines such as "run 3fa2…: mount /run/nmzc/3fa2…/volume-0". */
export interface Sweep {
  readonly undone: readonly string[];
  readonly failed: readonly string[];
}

/** Undoes what only a container engine can. */
export interface ContainerSweeper {
  undo(record: ContainerRecord): Promise<void>;
  /** Removes containers of the run that never ran, on record or not. Returns their ids. */
  removeNeverStarted(runId: string): Promise<readonly string[]>;
}

type OpenSweeper = (engine: JournalEngine | undefined) => Promise<ContainerSweeper>;

/**
 * Undoes what killed processes left, by their journals. Idempotent, and safe beside living runs and other sweeps: a
 * journal is touched only when its maker is dead, and undoing something twice does nothing. The journals of containers
 * are left alone when no `containers` are given, which is asked for an engine only when there is such a journal.
 */
export async function sweepJournals(containers?: OpenSweeper): Promise<Sweep> {
  const undone: string[] = [];
  const failed: string[] = [];
  removeDrafts();
  for (const { file, content } of listJournals()) {
    if (content === undefined) {
      // Half-written journals do not exist (they are renamed into place): this is not ours to interpret.
      failed.push(`${file}: not a journal that this version can read; remove it when you know what it is`);
      continue;
    }
    if (isSupervised(content)) continue;
    const hasContainer = content.maker !== "standalone";
    if (hasContainer && containers === undefined) continue;
    const failures = failed.length;
    const undo = await undoerOf(hasContainer ? containers : undefined, { file, content }, failed);
    await sweepJournal(content, undo, { undone, failed });
    if (failed.length === failures) rmSync(file, { force: true });
  }
  return { undone, failed };
}

async function sweepJournal(
  { runId, records }: JournalContent,
  undo: Undoer,
  { undone, failed }: { readonly undone: string[]; readonly failed: string[] },
): Promise<void> {
  const undoAll = async (some: readonly UndoRecord[]): Promise<void> => {
    for (const record of some) {
      const what = `run ${runId}: ${describeRecord(record)}`;
      try {
        await withDeadline(undo.undo(record), deadlineMs);
        undone.push(what);
      } catch (error) {
        failed.push(`${what}: ${messageOf(error)}`);
      }
    }
  };
  // An engine cannot remove a container whose first process is stopped, nor a volume that a container uses.
  const isStop = (record: UndoRecord) => record.kind === "stopped-process";
  await undoAll(records.filter(isStop));
  for (const id of await undo.neverStarted()) undone.push(`run ${runId}: container ${id.slice(0, 12)}`);
  await undoAll(inUndoOrder(records.filter((record) => !isStop(record))));
}

interface Undoer {
  undo(record: UndoRecord): Promise<void>;
  neverStarted(): Promise<readonly string[]>;
}

/** Without an engine that answers, what the kernel alone can undo is undone, and the rest waits for the next sweep. */
async function undoerOf(
  containers: OpenSweeper | undefined,
  { file, content }: { readonly file: string; readonly content: JournalContent },
  failed: string[],
): Promise<Undoer> {
  const { runId, engine, engineKind } = content;
  let sweeper: ContainerSweeper | undefined;
  try {
    sweeper = await containers?.(engine === undefined ? undefined : { address: engine, kind: engineKind });
  } catch (error) {
    failed.push(
      `run ${runId}: its container, if it is still there: ${messageOf(error)} (once that engine is gone for good: rm ${file})`,
    );
  }
  return {
    undo: async (record) => {
      if (!isContainerRecord(record)) return undoKernelRecord(record);
      if (sweeper === undefined) throw new Error("no container engine answers");
      return sweeper.undo(record);
    },
    neverStarted: async () => (await sweeper?.removeNeverStarted(runId)) ?? [],
  };
}

/** Newest first, but values of files last: a control group's cannot be put back while the container lives in it. */
function inUndoOrder(records: readonly UndoRecord[]): UndoRecord[] {
  const newestFirst = [...records].reverse();
  const isValue = (record: UndoRecord) => record.kind === "file-value";
  return [...newestFirst.filter((record) => !isValue(record)), ...newestFirst.filter(isValue)];
}
