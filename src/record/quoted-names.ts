/** Entities are inspectors and ends of connections, so few; a scan of all ports, or a wire, may bring very many. */
const maxRemembered = 4096;

/** Names that come in line after line: made JSON once each. */
export class QuotedNames {
  readonly #quoted = new Map<string, Uint8Array>();

  of(name: string): Uint8Array {
    const known = this.#quoted.get(name);
    if (known !== undefined) return known;
    if (this.#quoted.size >= maxRemembered) this.#quoted.clear();
    const quoted = Buffer.from(JSON.stringify(name));
    this.#quoted.set(name, quoted);
    return quoted;
  }
}
