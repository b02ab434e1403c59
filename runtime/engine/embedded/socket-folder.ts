import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const folder = "/run/nmzc/engines";

/** Where the child of process `pid` listens. Root alone may look into the folder: the socket is as good as root. */
export function socketOf(pid: number): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return join(folder, `${pid}.sock`);
}

/** Sockets whose makers are gone: where maker and child were killed at once nobody took them away. Never throws. */
export function sweepEmbedded(): void {
  for (const name of namesIn()) {
    const pid = Number(/^(\d+)\.sock$/.exec(name)?.[1]);
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
