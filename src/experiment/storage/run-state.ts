import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processStartTicks } from "../../../runtime/kernel/procfs/index.js";

/** state.json of a run's folder: what of a run the original's files cannot say. */
export interface RunState {
  /** `interrupted`: by a signal; and what reads as running although its process is gone was killed. */
  readonly state: "running" | "ended" | "interrupted" | "failed";
  readonly pid: number;
  /** Tells the process from a later one with its pid. */
  readonly startTicks: number;
  readonly startedAt: string;
  /** The signal, or what nmz could not do. */
  readonly why?: string;
}

const fileName = "state.json";

/** Ours is the process. */
export function writeRunState(folder: string, state: Omit<RunState, "pid" | "startTicks">): void {
  const file = join(folder, fileName);
  const { pid } = process;
  const whole: RunState = { ...state, pid, startTicks: processStartTicks(pid) ?? 0 };
  writeFileSync(`${file}.new`, `${JSON.stringify(whole, undefined, 2)}\n`);
  renameSync(`${file}.new`, file);
}

/** Undefined: the original made the run, or nmz was killed before it could write. */
export function readRunState(folder: string): RunState | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, fileName), "utf8")) as RunState;
  } catch {
    return undefined;
  }
}

/** Whether the process that makes the run still lives. */
export function isRunning({ state, pid, startTicks }: RunState): boolean {
  return state === "running" && processStartTicks(pid) === startTicks;
}
