import type { Engine } from "../../../runtime/engine/index.js";
import { forwardedSignals } from "../../terminal/index.js";

/**
 * Sends every signal that we get to the container's first process. Returns what ends that. A container that does not run
 * (yet, any more) takes none, and that is no failure.
 */
export function forwardSignals(engine: Pick<Engine, "killContainer">, id: string): () => void {
  const forward = (signal: NodeJS.Signals): void => {
    engine.killContainer(id, signal).catch(() => {});
  };
  for (const signal of forwardedSignals) process.on(signal, forward);
  return () => {
    for (const signal of forwardedSignals) process.removeListener(signal, forward);
  };
}
