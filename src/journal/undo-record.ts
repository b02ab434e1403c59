import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import {
  abortFuseConnection,
  endProcessTree,
  mountPlace,
  netnsIdentity,
  processStartTicks,
  queueTableOf,
  removePacketRules,
  settleRealtimeGroups,
  unmount,
} from "../../runtime/kernel/index.js";
import type { UndoRecord } from "../util/index.js";
import { removeRunFolder } from "./run-folder.js";

/** Records that only a container engine can undo. */
export type ContainerRecord = Extract<UndoRecord, { readonly kind: "container" | "volume" }>;

/** Records that the kernel alone can undo. */
export type KernelRecord = Exclude<UndoRecord, ContainerRecord>;

export function isContainerRecord(record: UndoRecord): record is ContainerRecord {
  return record.kind === "container" || record.kind === "volume";
}

/** Undoes what a dead process left; nothing happens when it is undone already. Throws when it stays. */
export async function undoKernelRecord(record: KernelRecord): Promise<void> {
  switch (record.kind) {
    case "mount":
      return unmountLeftover(record.path);
    case "folder":
      return removeRunFolder(record.path);
    case "packet-rules":
      return removeRules(record);
    case "stopped-process":
      return continueProcess(record.pid, record.startTicks);
    case "started-process":
      return endProcessTree(record);
    case "file-value":
      return restoreFileValue(record.path, record.value);
  }
}

/** Its server is dead: whoever still waits for an answer gets an error, and the mount goes once nobody uses it. */
function unmountLeftover(path: string): void {
  const place = mountPlace();
  const mounted = place.mountAt(path);
  if (mounted === undefined) return;
  if (mounted.type.startsWith("fuse")) abortFuseConnection(mounted.device);
  place.run(() => unmount(path, "detach"));
}

async function removeRules(record: Extract<KernelRecord, { readonly kind: "packet-rules" }>): Promise<void> {
  const { netns, queueNumber } = record;
  const netnsPath = netns === undefined ? existing(record.netnsPath) : findNetns(netns, record.netnsPath);
  // Numbers of namespaces are given again, and the namespace that has it now may be another run's, which is at work there.
  if (netnsPath === undefined || queueTableOf(netnsPath).has(queueNumber)) return;
  await removePacketRules({ netnsPath, queueNumber });
}

function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}

/**
 * A path to the namespace: the recorded one, a name that ip-netns(8) gave it, or any process that lives in it. Undefined
 * when it is gone, and its rules with it.
 */
function findNetns(identity: string, recorded: string): string | undefined {
  const isIt = (path: string): boolean => {
    try {
      return netnsIdentity(path) === identity;
    } catch {
      return false;
    }
  };
  return (
    [recorded, "/proc/self/ns/net"].find(isIt) ??
    entriesOf("/run/netns").find(isIt) ??
    entriesOf("/proc")
      .filter((path) => /\/\d+$/.test(path))
      .map((path) => `${path}/ns/net`)
      .find(isIt)
  );
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** A container's first process that nobody lets go keeps the engine waiting for it, for ever. */
function continueProcess(pid: number, startTicks: number): void {
  if (processStartTicks(pid) === startTicks) process.kill(pid, "SIGCONT");
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

export function describeRecord(record: UndoRecord): string {
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
    case "stopped-process":
      return `process ${record.pid}, which was stopped`;
    case "started-process":
      return `process ${record.pid}, which was started again`;
    case "file-value":
      return `${record.path} back to ${record.value}`;
  }
}
