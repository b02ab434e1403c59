import type { Readable, Writable } from "node:stream";
import { NmzError } from "../../util/index.js";

/**
 * Writes everything of `source` to `sink`, as fast as the sink takes it. Resolves when the last byte is written: "ended";
 * or, when nobody reads the sink any more (`nmzc run … | head -1`), "closed": then what still comes is thrown away, so that
 * the workload does not wait for us. Throws NMZ_TERMINAL_OUTPUT when the sink fails otherwise (disk full).
 */
export function relayOutput(source: Readable, sink: Writable): Promise<"ended" | "closed"> {
  return new Promise((resolve, reject) => {
    let unwritten = 0;
    let hasEnded = false;
    let isSettled = false;
    const settle = (error?: NodeJS.ErrnoException | null): void => {
      if (isSettled) return;
      isSettled = true;
      sink.removeListener("drain", resume);
      if (error === undefined || error === null) {
        sink.removeListener("error", settle);
        resolve("ended");
        return;
      }
      // The listener for errors stays: whatever is written to a broken sink later fails once more.
      source.removeListener("data", onData);
      source.resume();
      if (error.code === "EPIPE") resolve("closed");
      else {
        const hint = "see whether the disk is full, or send the output elsewhere";
        reject(
          new NmzError("NMZ_TERMINAL_OUTPUT", `cannot write output: ${error.message}`, {
            hint,
            cause: error,
          }),
        );
      }
    };
    const settleIfDone = (): void => {
      if (hasEnded && unwritten === 0) settle();
    };
    const resume = (): void => {
      source.resume();
    };
    const onData = (chunk: Buffer): void => {
      unwritten += 1;
      const takesMore = sink.write(chunk, (error) => {
        unwritten -= 1;
        if (error !== null && error !== undefined) settle(error);
        else settleIfDone();
      });
      if (!takesMore) source.pause();
    };
    const onEnd = (): void => {
      hasEnded = true;
      settleIfDone();
    };
    sink.on("drain", resume);
    sink.on("error", settle);
    source.on("data", onData);
    source.once("end", onEnd);
    source.once("close", onEnd);
  });
}
