import { constants } from "node:os";

/** How a program ended: with a code, or by a signal. */
export interface ProgramEnd {
  readonly exitCode: number;
  readonly signal: number;
}

/** A program that waits at its gate. */
export interface Launched {
  /** The program's own process, before and after the gate. */
  readonly pid: number;
  /** It leads a process group of its own; otherwise it is in ours. */
  readonly leadsGroup: boolean;
  /** Lets it run. Once. */
  begin(): void;
  /** Its end, when all it wrote has been handed over. Rejects when it could not be started at all. */
  readonly ended: Promise<ProgramEnd>;
}

/** What a shell would say: the code, or 128 + the signal's number. */
export function shellExitCode({ exitCode, signal }: ProgramEnd): number {
  return signal === 0 ? exitCode : 128 + signal;
}

export function signalNumber(name: NodeJS.Signals | null): number {
  return name === null ? 0 : (constants.signals[name] ?? 0);
}
