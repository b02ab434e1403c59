import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Root's alone (src/journal makes it so too): who reaches the socket is as good as root. */
const folder = "/run/nmzc";

/** Where the child of process `pid` listens. */
export function socketOf(pid: number): string {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
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
