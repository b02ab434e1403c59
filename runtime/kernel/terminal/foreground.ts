import { readFileSync } from "node:fs";

/** How this process stands to its controlling terminal; see proc(5), /proc/<pid>/stat. */
export interface TerminalStanding {
  readonly hasTerminal: boolean;
  /** Its group is the one to which the terminal sends Ctrl-C. */
  readonly isForeground: boolean;
}

export function terminalStanding(stat = readFileSync("/proc/self/stat", "latin1")): TerminalStanding {
  // The name (field 2) may hold blanks and parentheses: count from the last one.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [group, terminal, foregroundGroup] = [fields[2], fields[4], fields[5]];
  const hasTerminal = terminal !== "0";
  return { hasTerminal, isForeground: hasTerminal && group === foregroundGroup };
}
