const zero = 0x30;
const point = 0x2e;
/** Below it numbers are written in the arithmetic of small integers. */
export const maxInteger = 2 ** 31;

/** What either needs at most. */
export const maxDigitBytes = 32;

/** Writes an integer as `String` does, at `at`; gives where it ends. */
export function putInteger(bytes: Uint8Array, at: number, value: number): number {
  if (!(value >= 0 && value < maxInteger)) return putCharacters(bytes, at, String(value));
  let rest = value | 0;
  const end = at + digitsOf(rest);
  let place = end;
  do {
    const tenth = (rest / 10) | 0;
    bytes[--place] = zero + rest - tenth * 10;
    rest = tenth;
  } while (rest > 0);
  return end;
}

/** Writes milliseconds to the microsecond, 0 without a fraction. */
export function putMilliseconds(bytes: Uint8Array, at: number, milliseconds: number): number {
  if (milliseconds === 0) {
    bytes[at] = zero;
    return at + 1;
  }
  const microseconds = Math.round(milliseconds * 1000);
  // Of the first half hour, in the arithmetic of small integers.
  const whole = microseconds < maxInteger ? (microseconds / 1000) | 0 : Math.floor(microseconds / 1000);
  const end = putInteger(bytes, at, whole);
  bytes[end] = point;
  replaceThousandths(bytes, end + 4, (microseconds - whole * 1000) | 0);
  return end + 4;
}

/** Writes over an integer with as many digits, which ends at `end`; 0 has none. `value` is less than `maxInteger`. */
export function replaceInteger(bytes: Uint8Array, end: number, value: number): void {
  let place = end;
  for (let rest = value | 0; rest > 0; ) {
    const tenth = (rest / 10) | 0;
    bytes[--place] = zero + rest - tenth * 10;
    rest = tenth;
  }
}

/** Writes over the three digits that end at `end`. */
export function replaceThousandths(bytes: Uint8Array, end: number, value: number): void {
  const tens = (value / 10) | 0;
  const hundreds = (value / 100) | 0;
  bytes[end - 3] = zero + hundreds;
  bytes[end - 2] = zero + tens - hundreds * 10;
  bytes[end - 1] = zero + value - tens * 10;
}

/** Writes over the two digits that end at `end`. */
export function replaceHundredths(bytes: Uint8Array, end: number, value: number): void {
  const tens = (value / 10) | 0;
  bytes[end - 2] = zero + tens;
  bytes[end - 1] = zero + value - tens * 10;
}

function putCharacters(bytes: Uint8Array, at: number, ascii: string): number {
  for (let i = 0; i < ascii.length; i++) bytes[at + i] = ascii.charCodeAt(i);
  return at + ascii.length;
}

function digitsOf(value: number): number {
  if (value < 100) return value < 10 ? 1 : 2;
  if (value < 10_000) return value < 1000 ? 3 : 4;
  if (value < 1_000_000) return value < 100_000 ? 5 : 6;
  if (value < 100_000_000) return value < 10_000_000 ? 7 : 8;
  return value < 1_000_000_000 ? 9 : 10;
}
