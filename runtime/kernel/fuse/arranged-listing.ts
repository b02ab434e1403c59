import { NativeMemory } from "../native-memory.js";
import { getdents64, lseek } from "./backing-calls.js";
import type { OpenFolder } from "./open-files.js";
import type { AlterReply } from "./reply-faults.js";
import { faultCode } from "./verdict.js";

/** How an open folder is listed instead of in its own order. */
export interface Arrangement {
  readonly code: number;
  readonly seed: number;
  /** Of a stale listing: what it was. */
  readonly records: readonly Uint8Array[] | undefined;
  /** Where records begin in `entries`, which are the positions that the kernel gets; undefined until it is first read. */
  positions: Set<number> | undefined;
}

const chunk = new NativeMemory(32_768);

/** What does a fault to the reply of an OPENDIR: the reply stays, the handle lists otherwise. */
export function arrangeLater(folder: OpenFolder): AlterReply {
  return (session, code, argument, bytes) => {
    const isStale = code === faultCode.stale;
    if (!isStale && code !== faultCode.reversed && code !== faultCode.shuffled) {
      session.refuse(code, "not a fault of listings");
      return bytes;
    }
    const last = isStale ? session.listings.of(folder.node) : undefined;
    if (isStale && last === undefined) {
      session.refuse(code, "the folder has not been listed before");
      return bytes;
    }
    const records = last?.flatMap(recordsOf);
    folder.arrangement = { code, seed: argument >>> 0, records, positions: undefined };
    return bytes;
  };
}

/** Goes to a position that an earlier entry gave; from the start on, the folder is read anew, as rewinddir(3) wants. */
export function seekArranged(folder: OpenFolder, low: number, high: number): void {
  const arrangement = folder.arrangement!;
  if (arrangement.positions === undefined || (low === 0 && high === 0)) fill(folder, arrangement);
  const isKnown = high === 0 && arrangement.positions!.has(low);
  folder.handed = isKnown ? low : folder.filled;
}

function fill(folder: OpenFolder, arrangement: Arrangement): void {
  const records = arrange(arrangement.records ?? recordsIn(folder.fd), arrangement);
  const bytes = records.reduce((sum, record) => sum + record.length, 0);
  const entries = new NativeMemory(Math.max(128, bytes));
  const positions = new Set([0]);
  let at = 0;
  for (const record of records) {
    entries.bytes.set(record, at);
    const word = at >> 2;
    at += record.length;
    // `d_off`: where the next one is.
    entries.words[word + 2] = at;
    entries.words[word + 3] = 0;
    positions.add(at);
  }
  folder.entries = entries;
  folder.filled = bytes;
  arrangement.positions = positions;
}

function recordsIn(fd: number): Uint8Array[] {
  const records: Uint8Array[] = [];
  lseek(fd, 0, 0);
  for (;;) {
    const filled = getdents64(fd, chunk.address, 32_768);
    if (filled <= 0) return records;
    records.push(...recordsOf(chunk.bytes.slice(0, filled)));
  }
}

/** `struct linux_dirent64` after `struct linux_dirent64`; its length stands at byte 16. */
function recordsOf(listing: Uint8Array): Uint8Array[] {
  const records: Uint8Array[] = [];
  for (let at = 0; at < listing.length; ) {
    const length = listing[at + 16]! | (listing[at + 17]! << 8);
    records.push(listing.subarray(at, at + length));
    at += length;
  }
  return records;
}

/** "." and ".." come first, as programs expect. Shuffled by names, so that the same seed gives the same order anywhere. */
function arrange(records: readonly Uint8Array[], { code, seed }: Arrangement): Uint8Array[] {
  const dots = records.filter(isDot);
  const names = records.filter((record) => !isDot(record));
  if (code === faultCode.reversed) names.reverse();
  if (code === faultCode.shuffled) {
    names.sort((a, b) => Buffer.compare(nameOf(a), nameOf(b)));
    shuffle(names, seed);
  }
  return [...dots, ...names];
}

function nameOf(record: Uint8Array): Uint8Array {
  return record.subarray(19, record.indexOf(0, 19));
}

function isDot(record: Uint8Array): boolean {
  const name = nameOf(record);
  return name[0] === 46 && (name.length === 1 || (name.length === 2 && name[1] === 46));
}

/** Fisher and Yates, with numbers from Marsaglia's xorshift (2003) over 32 bits; it must not start at 0. */
function shuffle(items: Uint8Array[], seed: number): void {
  let state = (seed ^ 0x9e37_79b9) >>> 0 || 1;
  for (let i = items.length - 1; i > 0; i--) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const j = (state >>> 0) % (i + 1);
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
}
