import { type ByteReader, CoverageFormatError } from "../byte-reader.js";

/** A field or method that is named elsewhere. */
export interface Member {
  readonly owner: string;
  readonly name: string;
  readonly descriptor: string;
}

interface Entry {
  readonly tag: number;
  readonly text?: string;
  readonly first?: number;
  readonly second?: number;
}

// JVM Specification, table 4.4-A: bytes behind the tag.
const sizes: Readonly<Record<number, number>> = {
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  7: 2,
  8: 2,
  9: 4,
  10: 4,
  11: 4,
  12: 4,
  15: 3,
  16: 2,
  17: 4,
  18: 4,
  19: 2,
  20: 2,
};

/** The constants of a class file; JVM Specification, 4.4. */
export class ConstantPool {
  readonly #entries: (Entry | undefined)[] = [undefined];
  readonly #reader: ByteReader;

  constructor(reader: ByteReader) {
    this.#reader = reader;
    const count = reader.u2();
    while (this.#entries.length < count) {
      const entry = this.#read();
      this.#entries.push(entry);
      if (entry.tag === 5 || entry.tag === 6) this.#entries.push(undefined); // long and double take two places
    }
  }

  text(index: number): string {
    return this.#entry(index).text ?? "";
  }

  /** Of a class's, or a string's: the text that it refers to. */
  named(index: number): string {
    return index === 0 ? "" : this.text(this.#entry(index).first ?? 0);
  }

  member(index: number): Member {
    const { first = 0, second = 0 } = this.#entry(index);
    return { owner: this.named(first), ...this.#nameAndType(second) };
  }

  /** Of an invokedynamic: the number of its bootstrap method, and its name. */
  dynamic(index: number): { readonly bootstrap: number; readonly name: string; readonly descriptor: string } {
    const { first = 0, second = 0 } = this.#entry(index);
    return { bootstrap: first, ...this.#nameAndType(second) };
  }

  /** The method behind a method handle. */
  handle(index: number): Member {
    return this.member(this.#entry(index).second ?? 0);
  }

  #nameAndType(index: number): { readonly name: string; readonly descriptor: string } {
    const { first = 0, second = 0 } = this.#entry(index);
    return { name: this.text(first), descriptor: this.text(second) };
  }

  #entry(index: number): Entry {
    const entry = this.#entries[index];
    if (entry === undefined) throw new CoverageFormatError(`there is no constant ${index}`, this.#reader.at);
    return entry;
  }

  #read(): Entry {
    const reader = this.#reader;
    const tag = reader.u1();
    if (tag === 1) return { tag, text: reader.utf() };
    const size = sizes[tag];
    if (size === undefined) throw new CoverageFormatError(`a constant has the unknown tag ${tag}`, reader.at);
    if (tag === 15) return { tag, first: reader.u1(), second: reader.u2() };
    if (size === 2) return { tag, first: reader.u2() };
    if (tag <= 6) {
      reader.slice(size);
      return { tag };
    }
    return { tag, first: reader.u2(), second: reader.u2() };
  }
}
