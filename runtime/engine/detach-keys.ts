/** Bytes in the engine's spelling: [16, 17] → "ctrl-p,ctrl-q" (moby/term, ToBytes). */
export function spellDetachKeys(keys: readonly number[]): string {
  return keys.map(spell).join(",");
}

function spell(key: number): string {
  if (key < 32) return `ctrl-${String.fromCharCode(key + 64).toLowerCase()}`;
  return key === 127 ? "DEL" : String.fromCharCode(key);
}
