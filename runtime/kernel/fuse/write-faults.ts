import { writeFromMapping } from "./protocol.js";
import type { Session } from "./session.js";
import { faultCode, shareOf } from "./verdict.js";

const sectorBytes = 512;

/**
 * Writes as the fault of the session's request says. `put` writes so many of the bytes, and returns how many it did or a
 * negative number, as this does: how many the caller is to be told.
 */
export function writeFaulty(session: Session, bytes: number, put: (bytes: number) => number): number {
  const argument = session.faultArgument;
  const code = session.takeFault();
  // The kernel does not look at how much of a mapping's page was written.
  const isOfMapping = (session.request.word(5) & writeFromMapping) !== 0;
  const refusal =
    isOfMapping && code === faultCode.short
      ? "nobody is told how much of a mapping is written"
      : writeRefusal(code, bytes);
  if (refusal !== undefined) {
    session.refuse(code, refusal);
    return put(bytes);
  }
  const kept = writtenBytes(code, argument, bytes);
  if (code === faultCode.short) return put(kept);
  const result = kept === 0 ? 0 : put(kept);
  return result < 0 ? result : bytes;
}

/** How many of the bytes a short or torn write writes. */
export function writtenBytes(code: number, argument: number, bytes: number): number {
  const share = shareOf(argument, bytes);
  return code === faultCode.short ? Math.max(1, share) : share - (share % sectorBytes);
}

/** Why a write of so many bytes cannot suffer the fault; undefined when it can. */
export function writeRefusal(code: number, bytes: number): string | undefined {
  if (code === faultCode.torn) return bytes > 0 ? undefined : "a write of 0 bytes cannot be torn";
  if (code !== faultCode.short) return "not a fault of writes";
  return bytes > 1 ? undefined : `a write of ${bytes} bytes is too small`;
}
