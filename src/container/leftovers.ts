import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import type { Engine } from "../../runtime/engine/index.js";
import {
  abortFuseConnection,
  mountAt,
  removePacketRules,
  settleRealtimeGroups,
  unmount,
} from "../../runtime/kernel/index.js";
import { isSupervised, listJournals, removeRunFolder } from "../journal/index.js";
import { messageOf, type UndoRecord } from "../util/index.js";
import { endContainer } from "./create-container.js";
import { ignoreAlreadyDone } from "./engine-failures.js";
import { runLabel } from "./labels.js";

/** What a sweep did, for people: lines such as "run 3fa2…: unmounted /run/nmzc/3fa2…/volume-0". */
export interface Sweep {
  readonly undone: readonly string[];
  readonly failed: readonly string[];
}

/**
 * Undoes what killed runs left, by their journals. Idempotent, and safe beside living runs and other sweeps: a run
 * is touched only when its supervisor is dead, and undoing something twice does nothing.
 */
export async function sweepLeftovers(engine: Engine): Promise<Sweep> {
  const undone: string[] = [];
  const failed: string[] = [];
  for (const { file, content } of listJournals()) {
    if (content === undefined) {
      // Half-written journals do not exist (they are renamed into place): this is not ours to interpret.
      failed.push(`${file}: not a journal that this version can read; remove it when you know what it is`);
      continue;
    }
    if (isSupervised(content)) continue;
    const failures = failed.length;
    for (const record of inUndoOrder(content.records)) {
      const what = `run ${content.runId}: ${describe(record)}`;
      try {
        await undoRecord(record, engine);
        undone.push(what);
      } catch (error) {
        failed.push(`${what}: ${messageOf(error)}`);
      }
    }
    for (const id of await neverStarted(engine, content.runId)) {
      await endContainer(engine, id, true);
      undone.push(`run ${content.runId}: container ${id.slice(0, 12)}`);
    }
    if (failed.length === failures) rmSync(file, { force: true });
  }
  return { undone, failed };
}

/**
 * Containers whose mounts are gone before they ran, on record or not: the kill may have come between the engine's answer
 * and our record of it. One that ran is the user's to keep, unless `--rm` was given.
 */
async function neverStarted(engine: Engine, runId: string): Promise<readonly string[]> {
  const containers = await engine.listContainers({ all: true, label: `${runLabel}=${runId}` });
  return containers.filter(({ state }) => state === "created").map(({ id }) => id);
}

async function undoRecord(record: UndoRecord, engine: Engine): Promise<void> {
  switch (record.kind) {
    case "mount":
      return unmountLeftover(record.path);
    case "folder":
      return removeRunFolder(record.path);
    case "container":
      return endContainer(engine, record.id, record.remove);
    case "volume":
      return engine.removeVolume(record.name).catch(ignoreAlreadyDone);
    case "packet-rules":
      return removePacketRules(record);
    case "file-value":
      return restoreFileValue(record.path, record.value);
  }
}

/** Newest first, but values of files last: a control group's cannot be put back while the container lives in it. */
function inUndoOrder(records: readonly UndoRecord[]): UndoRecord[] {
  const newestFirst = [...records].reverse();
  const isValue = (record: UndoRecord) => record.kind === "file-value";
  return [...newestFirst.filter((record) => !isValue(record)), ...newestFirst.filter(isValue)];
}

async function restoreFileValue(path: string, value: string): Promise<void> {
  const isRealtime = basename(path) === "cpu.rt_runtime_us";
  if (isRealtime) await settleRealtimeGroups(); // knows who shares a parent group
  if (!existsSync(path) || readFileSync(path, "latin1").trim() === value) return;
  try {
    writeFileSync(path, value);
  } catch (error) {
    // Refused because another run's container lives below: the last of those runs puts it back.
    const { code } = error as NodeJS.ErrnoException;
    if (!isRealtime || (code !== "EINVAL" && code !== "EBUSY")) throw error;
  }
}

/** Its server is dead: whoever still waits for an answer gets an error, and the mount goes once nobody uses it. */
function unmountLeftover(path: string): void {
  const mounted = mountAt(path);
  if (mounted === undefined) return;
  if (mounted.type.startsWith("fuse")) abortFuseConnection(mounted.device);
  unmount(path, "detach");
}

function describe(record: UndoRecord): string {
  switch (record.kind) {
    case "mount":
      return `mount ${record.path}`;
    case "folder":
      return `folder ${record.path}`;
    case "container":
      return `container ${record.id.slice(0, 12)}`;
    case "volume":
      return `volume ${record.name}`;
    case "packet-rules":
      return `rules for queue ${record.queueNumber} in ${record.netnsPath}`;
    case "file-value":
      return `${record.path} back to ${record.value}`;
  }
}
