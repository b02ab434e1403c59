import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processStartTicks } from "../procfs/index.js";
import { withFileLock } from "./file-lock.js";
import type { CgroupFolder } from "./locate-cgroup.js";
import {
  isAlive,
  type RealtimeHolder,
  type RealtimeRegister,
  readRegister,
  writeRegister,
} from "./realtime-register.js";
import { ancestorRuntimeUs, equalShareUs, type RealtimeLimit } from "./realtime-shares.js";

/** Where the processes that open groups keep what they found: one locked file. */
export const realtimeRegisterFile = "/run/nmzc/realtime-groups.lock";

// Less than this of each second lets a thread run in crumbs: better to say no.
const smallestShareUs = 1000;
const patienceMs = 500;

/** The parent group has no real-time running time left to give. */
export class NoRealtimeShareError extends Error {
  constructor(folder: string) {
    super(`no real-time running time is left for ${folder}: its parent group and its siblings have it all`);
    this.name = "NoRealtimeShareError";
  }
}

/** A value that was changed, for whoever has to put it back after a crash. Outermost group first. */
export interface ChangedValue {
  readonly path: string;
  readonly value: string;
}

export interface OpenedRealtimeGroup {
  /** What the container got when it was opened; it changes as others come and go. */
  readonly runtimeUs: number;
  readonly changed: readonly ChangedValue[];
  /** Puts the values back. Throws EBUSY while real-time threads live in the group. Idempotent. */
  close(): Promise<void>;
}

/**
 * Lets the threads of a version-1 group be SCHED_RR or SCHED_FIFO: with CONFIG_RT_GROUP_SCHED a container's
 * `cpu.rt_runtime_us` is 0, and so may be its parents'. The groups above are raised to what can be spared, and all
 * containers below them that were opened by this function have equal shares: those there are shrink when one comes and
 * grow when one goes. The last one to go puts the groups above back; one that was killed is tidied away by the next.
 *
 * Undefined when nothing has to be opened: no such file (version 2, or no real-time groups), or it is open already.
 * Throws NoRealtimeShareError, or the error of the file system.
 */
export async function openRealtimeGroup(
  group: CgroupFolder,
  registerFile: string = realtimeRegisterFile,
): Promise<OpenedRealtimeGroup | undefined> {
  if (group.version !== 1 || !existsSync(runtimeFile(group.folder))) return undefined;
  if (readLimit(group.folder).runtimeUs !== 0) return undefined;
  const holder: RealtimeHolder = {
    pid: process.pid,
    startTicks: processStartTicks(process.pid) ?? 0,
    folder: group.folder,
    originalUs: 0,
  };
  const { runtimeUs, changed } = await withRegister(registerFile, (register) => {
    try {
      forgetTheDead(register);
      return enter(register, holder, foldersAbove(group));
    } catch (error) {
      register.holders = register.holders.filter((known) => !isSame(known, holder));
      restoreUnused(register);
      throw error;
    }
  });
  let isClosed = false;
  return {
    runtimeUs,
    changed,
    close: async () => {
      if (isClosed) return;
      await withRegister(registerFile, (register) => leave(register, holder));
      isClosed = true;
    },
  };
}

/** Puts back what processes that were killed have left open. `nmzc prune` calls it. */
export async function settleRealtimeGroups(registerFile: string = realtimeRegisterFile): Promise<void> {
  if (existsSync(registerFile)) await withRegister(registerFile, forgetTheDead);
}

/**
 * `work` under the lock; what it made of the register is kept even when it throws. Tried again for a while after
 * EINVAL: the kernel counts the running time of a group that was just removed until it has really gone.
 */
async function withRegister<T>(registerFile: string, work: (register: RealtimeRegister) => T): Promise<T> {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      return await withFileLock(registerFile, (fd) => {
        const register = readRegister(fd);
        try {
          return work(register);
        } finally {
          writeRegister(fd, register);
        }
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EINVAL" || performance.now() > until) throw error;
      await sleep(10);
    }
  }
}

function enter(
  register: RealtimeRegister,
  holder: RealtimeHolder,
  above: readonly string[],
): { runtimeUs: number; changed: ChangedValue[] } {
  const changed: ChangedValue[] = [];
  above.forEach((folder, depth) => {
    const own = readLimit(folder);
    const parent = dirname(folder);
    const wantedUs = ancestorRuntimeUs(own, readLimit(parent), limitsBelow(parent, [folder]), depth === 0);
    const original = register.ancestors[folder];
    if (wantedUs === own.runtimeUs && original === undefined) return; // the machine's owner has opened it
    register.ancestors[folder] ??= own.runtimeUs;
    writeRuntime(folder, wantedUs);
    changed.push({ path: runtimeFile(folder), value: String(original ?? own.runtimeUs) });
  });
  const parent = dirname(holder.folder);
  const others = register.holders.filter(({ folder }) => dirname(folder) === parent);
  const runtimeUs = share(parent, [...others, holder]);
  if (runtimeUs < smallestShareUs) throw new NoRealtimeShareError(holder.folder);
  for (const other of others) writeRuntime(other.folder, runtimeUs);
  register.holders.push(holder); // before the write: a register that knows too much can be settled, too little cannot
  writeRuntime(holder.folder, runtimeUs);
  changed.push({ path: runtimeFile(holder.folder), value: String(holder.originalUs) });
  return { runtimeUs, changed };
}

function leave(register: RealtimeRegister, holder: RealtimeHolder): void {
  if (register.holders.some((known) => isSame(known, holder))) {
    writeRuntime(holder.folder, holder.originalUs); // throws EBUSY: it stays a holder
    register.holders = register.holders.filter((known) => !isSame(known, holder));
  }
  const parent = dirname(holder.folder);
  const others = register.holders.filter(({ folder }) => dirname(folder) === parent);
  if (others.length > 0) {
    const runtimeUs = share(parent, others);
    for (const other of others) writeRuntime(other.folder, runtimeUs);
  }
  restoreUnused(register);
}

function forgetTheDead(register: RealtimeRegister): void {
  for (const holder of register.holders.filter((known) => !isAlive(known) || !existsSync(known.folder))) {
    try {
      leave(register, holder);
    } catch {
      // Real-time threads live on in a dead run's container: it keeps its share until they end.
    }
  }
  if (register.holders.length === 0) restoreUnused(register);
}

/** Puts the groups back that are above no holder, innermost first: a parent cannot go below its children. */
function restoreUnused(register: RealtimeRegister): void {
  const folders = Object.keys(register.ancestors).sort((a, b) => b.length - a.length);
  for (const folder of folders) {
    if (register.holders.some((holder) => holder.folder.startsWith(`${folder}/`))) continue;
    writeRuntime(folder, register.ancestors[folder]!);
    delete register.ancestors[folder];
  }
}

function share(parent: string, holders: readonly RealtimeHolder[]): number {
  const strangers = limitsBelow(
    parent,
    holders.map(({ folder }) => folder),
  );
  const { periodUs } = readLimit(holders[0]!.folder);
  return equalShareUs(readLimit(parent), strangers, holders.length, periodUs);
}

/** The groups between the hierarchy's root and the container, outermost first. */
function foldersAbove(group: CgroupFolder): string[] {
  const above: string[] = [];
  for (
    let folder = dirname(group.folder);
    folder.length > group.mountPoint.length;
    folder = dirname(folder)
  ) {
    above.unshift(folder);
  }
  return above;
}

function limitsBelow(folder: string, except: readonly string[]): RealtimeLimit[] {
  const limits: RealtimeLimit[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const child = `${folder}/${entry.name}`;
    if (!entry.isDirectory() || except.includes(child)) continue;
    try {
      limits.push(readLimit(child));
    } catch {
      // removed meanwhile
    }
  }
  return limits;
}

function readLimit(folder: string): RealtimeLimit {
  return {
    runtimeUs: Number(readFileSync(runtimeFile(folder), "latin1")),
    periodUs: Number(readFileSync(`${folder}/cpu.rt_period_us`, "latin1")),
  };
}

function writeRuntime(folder: string, runtimeUs: number): void {
  try {
    writeFileSync(runtimeFile(folder), String(runtimeUs), { flag: "r+" });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENODEV") throw error; // a container that has gone took its group along
  }
}

function runtimeFile(folder: string): string {
  return `${folder}/cpu.rt_runtime_us`;
}

function isSame(a: RealtimeHolder, b: RealtimeHolder): boolean {
  return a.pid === b.pid && a.startTicks === b.startTicks && a.folder === b.folder;
}
