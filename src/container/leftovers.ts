import { existsSync, rmSync, writeFileSync } from "node:fs";
import type { Engine } from "../../runtime/engine/index.js";
import { abortFuseConnection, mountAt, removePacketRules, unmount } from "../../runtime/kernel/index.js";
import { messageOf, type UndoRecord } from "../util/index.js";
import { endContainer } from "./create-container.js";
import { ignoreAlreadyDone } from "./engine-failures.js";
import { isSupervised, listJournals } from "./journal.js";
import { removeRunFolder } from "./run-folder.js";

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
    for (const record of [...content.records].reverse()) {
      const what = `run ${content.runId}: ${describe(record)}`;
      try {
        await undoRecord(record, engine);
        undone.push(what);
      } catch (error) {
        failed.push(`${what}: ${messageOf(error)}`);
      }
    }
    if (failed.length === failures) rmSync(file, { force: true });
  }
  return { undone, failed };
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
      if (existsSync(record.path)) writeFileSync(record.path, record.value);
      return;
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
