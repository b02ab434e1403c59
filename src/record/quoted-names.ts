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

/** The ends of a connection, as they stand in a line: from `,"src":` to `,"length":`. */
export interface QuotedEnds {
  readonly delayed: Uint8Array;
  /** With `,"delayMs":0` before it. */
  readonly atOnce: Uint8Array;
}

export function quotedEnds(source: string, destination: string): QuotedEnds {
  const text = `,"src":${JSON.stringify(source)},"dst":${JSON.stringify(destination)},"length":`;
  return { delayed: Buffer.from(text), atOnce: Buffer.from(`,"delayMs":0${text}`) };
}

/** They are made once for each pair. */
export class RememberedEnds {
  readonly #bySource = new Map<string, Map<string, QuotedEnds>>();
  #size = 0;

  of(source: string, destination: string): QuotedEnds {
    const known = this.#bySource.get(source)?.get(destination);
    if (known !== undefined) return known;
    if (this.#size >= maxRemembered) {
      this.#bySource.clear();
      this.#size = 0;
    }
    const ends = quotedEnds(source, destination);
    const byDestination = this.#bySource.get(source) ?? new Map<string, QuotedEnds>();
    this.#bySource.set(source, byDestination.set(destination, ends));
    this.#size += 1;
    return ends;
  }
}
