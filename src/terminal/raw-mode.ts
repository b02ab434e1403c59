import { makeTerminalRaw } from "../../runtime/kernel/terminal/index.js";
import type { TerminalInput } from "./streams.js";

/**
 * Puts a terminal into raw mode: every key is a byte for the workload, Ctrl-C too. Returns what puts it back, which
 * also happens when the process exits by any way that JavaScript sees (an uncaught error, process.exit).
 */
export function enterRawMode(stdin: TerminalInput): () => void {
  if (stdin.isTTY !== true || stdin.setRawMode === undefined) return () => {};
  const wasRaw = stdin.isRaw === true;
  let isEntered = true;
  const restore = (): void => {
    if (!isEntered) return;
    isEntered = false;
    process.removeListener("exit", restore);
    try {
      restoreOutput();
      stdin.setRawMode?.(wasRaw);
    } catch {
      // The terminal is gone (its window was closed): there is nothing left to put back.
    }
  };
  process.once("exit", restore);
  stdin.setRawMode(true);
  // On top of Node's mode, which it puts back by itself even where no JavaScript runs any more.
  const restoreOutput = stdin.fd === undefined ? () => {} : makeTerminalRaw(stdin.fd);
  return restore;
}
