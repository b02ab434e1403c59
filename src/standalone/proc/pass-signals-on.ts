import { type Launched, terminalStanding } from "../../../runtime/kernel/index.js";
import { forwardedSignals } from "../../terminal/index.js";

/** What a terminal sends to a whole group, when a key is pressed or it goes away. */
const groupSignals: ReadonlySet<string> = new Set(["SIGINT", "SIGQUIT", "SIGTSTP", "SIGHUP"]);

/**
 * Sends every signal that we get on to the command. Those of a terminal go to its whole group when it leads one; when it
 * is in ours and we are in the foreground, the terminal has sent them to it already. Returns what ends that.
 */
export function passSignalsOn({ pid, leadsGroup }: Pick<Launched, "pid" | "leadsGroup">): () => void {
  const pass = (signal: NodeJS.Signals): void => {
    const isForGroup = groupSignals.has(signal);
    if (isForGroup && !leadsGroup && terminalStanding().isForeground) return;
    try {
      process.kill(isForGroup && leadsGroup ? -pid : pid, signal);
    } catch {
      // It has ended.
    }
  };
  for (const signal of forwardedSignals) process.on(signal, pass);
  return () => {
    for (const signal of forwardedSignals) process.off(signal, pass);
  };
}
