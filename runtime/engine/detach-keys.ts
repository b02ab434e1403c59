/** Bytes in the engine's spelling: [16, 17] → "ctrl-p,ctrl-q" (moby/term, ToBytes). */
export function spellDetachKeys(keys: readonly number[]): string {
  return keys
    .map((key) =>
      key < 32 ? `ctrl-${String.fromCharCode(key + 64).toLowerCase()}` : String.fromCharCode(key),
    )
    .join(",");
}
