import { closeSync, openSync, writeSync } from "node:fs";
import { basename } from "node:path";
import { printable } from "../../util/index.js";

export type LogLevel = "DBG" | "INF" | "WRN" | "ERR" | "CRT";

/**
 * nmz.log, and the same lines on stdout, in the original's form: `[NMZ-INF] 15:04:05.00: message (at file:LINE) `, with the
 * blank at the end. DBG is written only where NMZ_DEBUG is set.
 */
export class ExperimentLog {
  readonly #fd: number;
  readonly #echo: (text: string) => void;
  readonly #isDebug: boolean;

  constructor(file: string, echo: (text: string) => void, isDebug: boolean) {
    this.#fd = openSync(file, "a", 0o644);
    this.#echo = echo;
    this.#isDebug = isDebug;
  }

  debug(message: string): void {
    if (this.#isDebug) this.#write("DBG", message);
  }

  info(message: string): void {
    this.#write("INF", message);
  }

  warn(message: string): void {
    this.#write("WRN", message);
  }

  critical(message: string): void {
    this.#write("CRT", message);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #write(level: LogLevel, message: string): void {
    const line = logLine(level, new Date(), message, callerOf(new Error().stack ?? ""));
    this.#echo(line);
    try {
      writeSync(this.#fd, line);
    } catch {
      // The disk is full, and stdout has it.
    }
  }
}

export function logLine(level: LogLevel, time: Date, message: string, place: string): string {
  const two = (value: number): string => String(Math.trunc(value)).padStart(2, "0");
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  const text = printable(message).replaceAll("\n", "\\n");
  return `[NMZ-${level}] ${clock}.${two(time.getMilliseconds() / 10)}: ${text} (at ${place}) \n`;
}

/** The place that logs: the fourth line of the stack, behind the error itself, `#write` and `info`. */
function callerOf(stack: string): string {
  const found = /\(?([^\s(]+):(\d+):\d+\)?$/.exec(stack.split("\n")[3] ?? "");
  if (found === null) return "nmz:0";
  return `${basename(found[1]!).replace(/-[\w-]{8}\.js$/, ".js")}:${found[2]}`; // a bundle's name has a hash
}
