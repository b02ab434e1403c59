import { outHeaderBytes } from "./protocol.js";
import type { Session } from "./session.js";
import { faultCode, shareOf } from "./verdict.js";

/** Does a fault to a reply of `bytes` in the reply's buffer; returns how many of them are to be told. */
export type AlterReply = (session: Session, code: number, argument: number, bytes: number) => number;

/** Of a read past the kernel's cache: what is told reaches the program as it is, and nothing remembers it. */
export function alterDirectRead(session: Session, code: number, argument: number, bytes: number): number {
  if (code === faultCode.short && bytes > 1) return Math.max(1, shareOf(argument, bytes));
  if (code === faultCode.bitFlip && bytes > 0) {
    const bit = shareOf(argument, bytes * 8);
    session.reply.memory.bytes[outHeaderBytes + (bit >> 3)]! ^= 1 << (bit & 7);
    return bytes;
  }
  const isOfReads = code === faultCode.short || code === faultCode.bitFlip;
  session.refuse(code, isOfReads ? `a read of ${bytes} bytes is too small` : "not a fault of reads");
  return bytes;
}

/**
 * Of a read that fills the kernel's cache. Told short, the kernel would take the file for shorter than it is; told wrong,
 * every later read would be wrong as well.
 */
export function alterCachedRead(session: Session, code: number, _argument: number, bytes: number): number {
  session.refuse(code, "the read fills the kernel's cache");
  return bytes;
}
