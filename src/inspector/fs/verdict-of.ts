import { constants } from "node:os";
import type { FilesystemVerdict } from "../../../runtime/kernel/index.js";
import type { FilesystemFault, FilesystemHook } from "../../signal/index.js";

/** Errors that file systems give and Node does not name: asm-generic/errno.h, the same on x86-64 and arm64. */
const unnamed: Readonly<Record<string, number>> = {
  ENOTBLK: 15,
  EREMOTE: 66,
  ECOMM: 70,
  EREMCHG: 78,
  EUSERS: 87,
  ESHUTDOWN: 108,
  EHOSTDOWN: 112,
  EUCLEAN: 117,
  EREMOTEIO: 121,
  ENOMEDIUM: 123,
  EMEDIUMTYPE: 124,
  ENOKEY: 126,
  EKEYEXPIRED: 127,
  EHWPOISON: 133,
};

const hooksOf: Readonly<Record<Exclude<FilesystemFault["kind"], "errno">, readonly FilesystemHook[]>> = {
  short: ["post-read", "pre-write"],
  torn: ["pre-write"],
  "bit-flip": ["post-read"],
  listing: ["post-opendir"],
};

/** What to answer at a hook so that the fault is done, or why it cannot be. */
export function verdictOf(
  hook: FilesystemHook,
  fault: FilesystemFault,
): { readonly verdict: FilesystemVerdict } | { readonly refusal: string } {
  if (fault.kind !== "errno") {
    return hooksOf[fault.kind].includes(hook) ? { verdict: fault } : { refusal: `not at ${hook}` };
  }
  const known = { ...unnamed, ...constants.errno } as Readonly<Record<string, number>>;
  const errno = Object.hasOwn(known, fault.errno) ? known[fault.errno]! : 0;
  if (errno === 0) return { refusal: "no error of this name" };
  // The kernel would never ask us for such an operation again, and let every later fsync(2) succeed unseen.
  if (fault.errno === "ENOSYS") return { refusal: "the kernel takes it for good, for the whole mount" };
  return { verdict: errno };
}
