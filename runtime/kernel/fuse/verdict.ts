import type { FilesystemVerdict } from "./filesystem-server.js";

/**
 * A verdict on its way between threads: two 32-bit words. The first is 0 (go on), an errno, or one of these; the second
 * is a share of the whole in units of 2^-32, or an order's seed.
 */
export const faultCode = {
  short: 4097,
  torn: 4098,
  bitFlip: 4099,
  reversed: 4100,
  shuffled: 4101,
  stale: 4102,
} as const;

const firstFault = 4096;
const wholeShare = 2 ** 32;

/** True when the operation is to be done, but not as it was asked for. */
export function isFault(code: number): boolean {
  return code > firstFault;
}

export function codeOf(verdict: FilesystemVerdict): number {
  if (typeof verdict === "number") return verdict;
  if (verdict.kind === "listing") return faultCode[verdict.order];
  return verdict.kind === "bit-flip" ? faultCode.bitFlip : faultCode[verdict.kind];
}

export function argumentOf(verdict: FilesystemVerdict): number {
  if (typeof verdict === "number") return 0;
  if (verdict.kind === "listing") return verdict.seed | 0;
  const share = verdict.kind === "bit-flip" ? verdict.place : verdict.share;
  // Up, so that a tenth of 1000 is 100.
  return Math.min(wholeShare - 1, Math.ceil(share * wholeShare)) | 0;
}

/** That share of `whole`, rounded down: always less than `whole`. */
export function shareOf(argument: number, whole: number): number {
  return Math.floor(((argument >>> 0) / wholeShare) * whole);
}

/** The kind of fault, as in the verdict. */
export function kindOf(code: number): string {
  if (code === faultCode.short) return "short";
  if (code === faultCode.torn) return "torn";
  return code === faultCode.bitFlip ? "bit-flip" : "listing";
}
