import fc from "fast-check";

/**
 * Inputs that were valid once: a piece of a corpus, then bits flipped, pieces cut off, taken out, repeated, replaced by
 * those of its neighbours. Each change is one number (what, where, with what), which is cheap to draw and shrinks well.
 */
const changes = fc.array(fc.nat(0x7fff_ffff), { maxLength: 7 });

interface Change {
  readonly what: number;
  readonly where: number;
  readonly value: number;
}

function read(change: number): Change {
  return { what: change & 7, where: (change >>> 3) & 0xffff, value: change >>> 19 };
}

/** Numbers at which lengths and counts go wrong. */
const oddNumbers = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

/** Now and then noise that was never anything. */
export function damagedBytes(corpus: readonly Uint8Array[], maxBytes = 0x1_0000): fc.Arbitrary<Uint8Array> {
  const damaged = fc
    .tuple(fc.nat(corpus.length - 1), changes)
    .map(([index, numbers]) =>
      numbers.reduce((bytes, number) => damageBytes(bytes, read(number), corpus, maxBytes), corpus[index]!),
    );
  const noise = fc.uint8Array({ maxLength: 96 });
  return fc.oneof({ arbitrary: damaged, weight: 15 }, { arbitrary: noise, weight: 1 });
}

function damageBytes(
  bytes: Uint8Array,
  { what, where, value }: Change,
  corpus: readonly Uint8Array[],
  maxBytes: number,
): Uint8Array {
  // Headers come first, and are where parsers decide.
  const at = (where & 1) === 0 ? Math.min(where >> 1, 63) % (bytes.length + 1) : where % (bytes.length + 1);
  if (what <= 1) {
    const copy = bytes.slice();
    if (at < copy.length) copy[at] = what === 0 ? copy[at]! ^ (1 << (value & 7)) : value & 0xff;
    return copy;
  }
  if (what === 2) return bytes.slice(0, at);
  if (what === 3) return joined(bytes.subarray(0, at), bytes.subarray(at + (value & 0xff)));
  if (what === 4) return repeated(bytes, at, value, maxBytes);
  if (what === 5) return withNumber(bytes, at, value);
  const other = corpus[value % corpus.length]!;
  const piece = other.subarray(where % (other.length + 1));
  const tail = what === 6 ? new Uint8Array(0) : bytes.subarray(at);
  return joined(bytes.subarray(0, at), piece, tail).subarray(0, maxBytes);
}

function repeated(bytes: Uint8Array, at: number, value: number, maxBytes: number): Uint8Array {
  const piece = bytes.subarray(at, at + 1 + (value & 0x3f));
  // Mostly a few times; now and then until it is as large as anything may be.
  const times = (value & 0xfc0) === 0xfc0 ? maxBytes : 1 + ((value >> 6) & 7);
  const fitting = Math.max(
    0,
    Math.min(times, Math.floor((maxBytes - bytes.length) / Math.max(1, piece.length))),
  );
  const result = new Uint8Array(bytes.length + fitting * piece.length);
  result.set(bytes.subarray(0, at));
  for (let i = 0; i < fitting; i++) result.set(piece, at + i * piece.length);
  result.set(bytes.subarray(at), at + fitting * piece.length);
  return result;
}

function withNumber(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  const number = oddNumbers[(value >> 3) % oddNumbers.length]!;
  const width = [1, 2, 4, 4][value & 3]!;
  if (at + width > copy.length) return copy;
  const view = new DataView(copy.buffer, copy.byteOffset, copy.length);
  const isLittle = (value & 4) !== 0;
  if (width === 1) copy[at] = number & 0xff;
  else if (width === 2) view.setUint16(at, number & 0xffff, isLittle);
  else view.setUint32(at, number, isLittle);
  return copy;
}

function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(pieces);
}

/** Words that have undone parsers before. */
export const oddWords = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "",
  " ",
  "\0",
  "\u2028",
  "\ud800",
  "日本",
  "\x1b[2J",
  "-1",
  "0",
  "1e999",
  "NaN",
  "9".repeat(40),
  "../..",
  "a".repeat(3000),
] as const;

/** The same for texts; `words` are what the grammar is made of. */
export function damagedText(
  corpus: readonly string[],
  words: readonly string[],
  maxLength = 0x1_0000,
): fc.Arbitrary<string> {
  const insertions = [...words, ...words, ...words, ...oddWords];
  const damaged = fc
    .tuple(fc.nat(corpus.length - 1), changes)
    .map(([index, numbers]) =>
      numbers.reduce(
        (text, number) => damageText(text, read(number), corpus, insertions, maxLength),
        corpus[index]!,
      ),
    );
  const noise = fc.string({ unit: "binary", maxLength: 40 });
  return fc.oneof({ arbitrary: damaged, weight: 15 }, { arbitrary: noise, weight: 1 });
}

function damageText(
  text: string,
  { what, where, value }: Change,
  corpus: readonly string[],
  insertions: readonly string[],
  maxLength: number,
): string {
  const at = where % (text.length + 1);
  const head = text.slice(0, at);
  const tail = text.slice(at);
  if (what === 0) return `${head}${String.fromCharCode(value & 0x7f)}${tail.slice(1)}`;
  if (what === 1) return head;
  if (what === 2) return `${head}${tail.slice(value & 0x1f)}`;
  if (what === 3) {
    const piece = text.slice(at, at + 1 + (value & 0x1f));
    const times = (value & 0xfe0) === 0xfe0 ? maxLength : 1 + ((value >> 5) & 7);
    const fitting = Math.max(
      0,
      Math.min(times, Math.floor((maxLength - text.length) / Math.max(1, piece.length))),
    );
    return `${head}${piece.repeat(fitting)}${tail}`;
  }
  if (what === 4) {
    const other = corpus[value % corpus.length]!;
    return `${head}${other.slice(where % (other.length + 1))}`.slice(0, maxLength);
  }
  const word = insertions[value % insertions.length]!;
  return `${head}${word}${what === 5 ? tail.slice(word.length) : tail}`.slice(0, maxLength);
}
