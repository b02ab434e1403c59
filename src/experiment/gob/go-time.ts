// Go counts seconds from the year 1.
const unixEpochSeconds = 62_135_596_800n;

/** A Go time.Time (its MarshalBinary, versions 1 and 2) in milliseconds since 1970, with fractions. Undefined: it is none. */
export function goTimeMs(bytes: Uint8Array): number | undefined {
  if (bytes.length < 15 || (bytes[0] !== 1 && bytes[0] !== 2)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const seconds = view.getBigInt64(1) - unixEpochSeconds;
  return Number(seconds) * 1000 + view.getInt32(9) / 1e6;
}
