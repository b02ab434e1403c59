/** The polynomial of CRC-64/ISO 3309, reversed, as JaCoCo's CRC64 has it; two halves of 32 bits, which is what is quick here. */
const polynomialHigh = 0xd8000000;

const table = makeTable();

function makeTable(): { readonly high: Uint32Array; readonly low: Uint32Array } {
  const high = new Uint32Array(256);
  const low = new Uint32Array(256);
  for (let index = 0; index < 256; index++) {
    let h = 0;
    let l = index;
    for (let bit = 0; bit < 8; bit++) {
      const carry = l & 1;
      l = (l >>> 1) | ((h & 1) << 31);
      h = (h >>> 1) ^ (carry === 1 ? polynomialHigh : 0);
    }
    high[index] = h;
    low[index] = l;
  }
  return { high, low };
}

const java8 = 52;
const java9 = 53;

/** The name of a class file's bytes in execution data: 16 hexadecimal digits. Java 9 counts as 8, for JaCoCo's own reasons. */
export function classId(bytes: Uint8Array): string {
  let high = 0;
  let low = 0;
  const isJava9 = bytes.length > 7 && bytes[6] === 0 && bytes[7] === java9;
  for (let at = 0; at < bytes.length; at++) {
    const index = (low ^ (at === 7 && isJava9 ? java8 : bytes[at]!)) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ table.low[index]!;
    high = (high >>> 8) ^ table.high[index]!;
  }
  return hex(high) + hex(low);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
