import { readFileSync } from "node:fs";
import { basename } from "node:path";

/** The process that a thread belongs to; undefined when it is gone. */
export function processOfThread(tid: number): number | undefined {
  const tgid = /^Tgid:\t(\d+)$/m.exec(textOf(tid, "status"))?.[1];
  return tgid === undefined ? undefined : Number(tgid);
}

/** What a process may be called: its name of at most 15 characters (comm), and the program of its first argument. */
export function namesOfProcess(pid: number): readonly string[] {
  const comm = textOf(pid, "comm").trimEnd();
  const program = basename(textOf(pid, "cmdline").split("\0", 1)[0]!);
  return [...new Set([comm, program])].filter((name) => name !== "");
}

/** A signal has stopped it (T), or a debugger holds it (t). */
export function isProcessStopped(pid: number): boolean {
  const stat = textOf(pid, "stat");
  return /^[Tt]/.test(stat.slice(stat.lastIndexOf(")") + 2));
}

/** Its pid in its own pid namespace: 1 is the first process of a container. */
export function innermostPid(pid: number): number | undefined {
  const last = /^NSpid:.*\t(\d+)$/m.exec(textOf(pid, "status"))?.[1];
  return last === undefined ? undefined : Number(last);
}

function textOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
