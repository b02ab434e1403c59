import { readFileSync, readlinkSync } from "node:fs";

/** What a process was started with, and as whom. */
export interface ProgramOfProcess {
  /** The program's file, as the process's own file system names it. */
  readonly file: string;
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly uid: number;
  readonly gid: number;
}

/** Undefined when the process has ended, or is none that has a program (a kernel thread). */
export function programOfProcess(pid: number): ProgramOfProcess | undefined {
  try {
    const folder = `/proc/${pid}`;
    const words = wordsOf(readFileSync(`${folder}/cmdline`, "utf8"));
    if (words.length === 0) return undefined;
    const status = readFileSync(`${folder}/status`, "latin1");
    const idOf = (key: string): number =>
      Number(new RegExp(`^${key}:\\t\\d+\\t(\\d+)`, "m").exec(status)?.[1]);
    return {
      file: readlinkSync(`${folder}/exe`),
      words,
      env: Object.fromEntries(
        wordsOf(readFileSync(`${folder}/environ`, "utf8"))
          .map((line) => [line, line.indexOf("=")] as const)
          .filter(([, at]) => at > 0)
          .map(([line, at]) => [line.slice(0, at), line.slice(at + 1)]),
      ),
      cwd: readlinkSync(`${folder}/cwd`),
      uid: idOf("Uid"),
      gid: idOf("Gid"),
    };
  } catch {
    return undefined;
  }
}

/** Whether two processes are in the same namespace of that kind ("mnt", "pid"). */
export function sharesNamespace(pid: number, other: number, kind: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/${kind}`) === readlinkSync(`/proc/${other}/ns/${kind}`);
  } catch {
    return false;
  }
}

/** Strings that each end with a NUL. */
function wordsOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\0$/, "").split("\0");
}
