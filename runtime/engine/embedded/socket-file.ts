import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runtimeFolder as folder, runtimeFolderMode as mode } from "../runtime-folder.js";

/** Where the child of process `pid` listens. Others may pass through the folder; Podman makes its socket root's alone. */
export function socketOf(pid: number): string {
  mkdirSync(folder, { recursive: true, mode });
  return join(folder, `engine-${pid}.sock`);
}

/** Removes sockets whose makers are gone: where maker and child were killed at once nobody took them away. Never throws. */
export function sweepEmbedded(): void {
  for (const name of namesIn()) {
    const pid = Number(/^engine-(\d+)\.sock$/.exec(name)?.[1]);
    if (Number.isInteger(pid) && !isAlive(pid)) rmSync(join(folder, name), { force: true });
  }
}

function namesIn(): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
