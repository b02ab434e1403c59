/**
 * What programs draw for temporary names or count up with time: UUIDs, mkstemp(3)'s letters, hexadecimal digests, numbers of
 * four digits and more.
 */
const chance =
  /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<![a-z])tmp[._-]?[a-z0-9_]{6,8}(?![a-z0-9_])|(?=[0-9a-f]*\d)(?<![0-9a-z])[0-9a-f]{8,}(?![0-9a-z])|\d{4,}/gi;

/**
 * The path with "#" in the place of what another run would name otherwise: `state.json.15766627` → `state.json.#`. Files that
 * differ in nothing else share a name, and are told apart by their order.
 */
export function stablePath(path: string): string {
  return path.replace(chance, "#");
}
