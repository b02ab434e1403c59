import type { Writable } from "node:stream";
import type { TerminalInput } from "../../terminal/index.js";
import { DetachFilter } from "./detach-keys.js";

/**
 * Passes stdin on to the workload until it ends (the workload's stdin is half-closed then), the workload takes no more,
 * or the detach keys are typed. Returns what stops it.
 */
export function relayInput(
  stdin: TerminalInput,
  sink: Writable,
  options: { readonly detachKeys: readonly number[]; readonly onDetach: () => void },
): () => void {
  const filter = new DetachFilter(options.detachKeys);
  const onData = (chunk: Buffer): void => {
    const { passed, isDetached } = filter.push(chunk);
    if (passed.length > 0 && !sink.write(passed)) stdin.pause();
    if (!isDetached) return;
    stop();
    options.onDetach();
  };
  const onEnd = (): void => {
    const held = filter.flush();
    stop();
    if (held.length > 0) sink.write(held);
    sink.end();
  };
  const resume = (): void => {
    stdin.resume();
  };
  const ignore = (): void => {};
  const stop = (): void => {
    stdin.removeListener("data", onData);
    stdin.removeListener("end", onEnd);
    stdin.removeListener("error", onEnd);
    sink.removeListener("drain", resume);
    sink.removeListener("close", stop);
    stdin.pause();
  };
  stdin.on("data", onData);
  stdin.once("end", onEnd);
  // A terminal that was closed answers reads with EIO: no more input, and no reason to fall over.
  stdin.once("error", onEnd);
  sink.on("drain", resume);
  sink.on("error", ignore);
  sink.once("close", stop);
  return stop;
}
