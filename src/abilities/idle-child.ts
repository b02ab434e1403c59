import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** Runs `work` with the pids of children that only sleep, and ends them afterwards. */
export async function withIdleChildren<T>(
  count: number,
  work: (pids: readonly number[]) => T | Promise<T>,
): Promise<T> {
  const children: ChildProcess[] = [];
  try {
    for (let index = 0; index < count; index++) {
      const child = spawn("sleep", ["20"], { stdio: "ignore" });
      children.push(child);
      await once(child, "spawn");
    }
    return await work(children.map(({ pid }) => pid!));
  } finally {
    await Promise.all(
      children.map(async (child) => {
        if (child.pid === undefined || child.exitCode !== null) return;
        const exited = once(child, "exit");
        child.kill("SIGKILL");
        await exited;
      }),
    );
  }
}
