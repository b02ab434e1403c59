import { decodeGob } from "../gob/index.js";

/** `type searchModeInfo struct { NrCollectedTraces int }`, as encoding/gob defines it: type 65. */
const definition = Buffer.from(
  "32ff810301010e7365617263684d6f6465496e666f01ff820001010111" +
    "4e72436f6c6c6563746564547261636573010400 0000".replaceAll(" ", ""),
  "hex",
);

/** The file SearchModeInfo for a number of runs that were started: a gob, byte for byte as the original writes it. */
export function encodeSearchModeInfo(runCount: number): Buffer {
  const field = runCount === 0 ? [] : [1, ...unsigned(2 * runCount)];
  const value = [0xff, 0x82, ...field, 0];
  return Buffer.concat([definition, Buffer.from([value.length, ...value])]);
}

/** How many runs were started. Throws GobError. */
export function decodeSearchModeInfo(bytes: Uint8Array): number {
  const value = decodeGob(bytes) as { readonly NrCollectedTraces?: unknown };
  const count = value?.NrCollectedTraces ?? 0; // a field that is 0 is not sent
  return typeof count === "number" && count >= 0 ? count : 0;
}

function unsigned(value: number): number[] {
  if (value < 0x80) return [value];
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x100 - bytes.length, ...bytes];
}
