/** What a gob holds: structs and maps are objects without a prototype, byte arrays and what encodes itself are bytes. */
export type GobValue =
  | boolean
  | number
  | string
  | Uint8Array
  | undefined
  | readonly GobValue[]
  | { readonly [key: string]: GobValue };

/** Bytes that are no gob, with the place where that was seen. */
export class GobError extends Error {
  constructor(message: string, offset: number) {
    super(`${message} at byte ${offset}`);
    this.name = "GobError";
  }
}

type GobType =
  | { readonly kind: "struct"; readonly fields: readonly { readonly name: string; readonly id: number }[] }
  | { readonly kind: "list"; readonly element: number }
  | { readonly kind: "map"; readonly key: number; readonly element: number }
  | { readonly kind: "opaque" };

// Ids of the types that every gob knows; encoding/gob/type.go.
const builtin = { bool: 1, int: 2, uint: 3, float: 4, bytes: 5, string: 6, interface: 8 } as const;

const maxDepth = 200;

/**
 * The first value of a Go gob, whose types come with it; the concrete types of interface values are unwrapped. Format:
 * the comment of Go's package encoding/gob. The length of a message is not needed to read it, because whatever is in it
 * ends by itself, so the stream is read through. Throws GobError.
 */
export function decodeGob(bytes: Uint8Array): GobValue {
  return new GobReader(bytes).first();
}

class GobReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #types = new Map<number, GobType>();
  #at = 0;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  first(): GobValue {
    this.#unsigned(); // the message's length
    return this.#delimited(this.#typeOfNext());
  }

  /** Reads definitions until a type is named whose value follows. */
  #typeOfNext(): number {
    for (;;) {
      const id = this.#signed();
      if (id >= 0) return id;
      this.#types.set(-id, this.#definition());
      this.#unsigned(); // the length of what follows
    }
  }

  /** A value that stands by itself: what is no struct has an empty field number before it. */
  #delimited(id: number): GobValue {
    if (this.#types.get(id)?.kind !== "struct" && this.#unsigned() !== 0)
      throw this.#error("a gob is damaged");
    return this.#value(id);
  }

  #value(id: number): GobValue {
    if (this.#depth >= maxDepth) throw this.#error("a gob is nested too deep");
    this.#depth += 1;
    try {
      return this.#valueAtDepth(id);
    } finally {
      this.#depth -= 1;
    }
  }

  #valueAtDepth(id: number): GobValue {
    switch (id) {
      case builtin.bool:
        return this.#unsigned() !== 0;
      case builtin.int:
        return this.#signed();
      case builtin.uint:
        return this.#unsigned();
      case builtin.float:
        return this.#float();
      case builtin.bytes:
        return this.#slice();
      case builtin.string:
        return Buffer.from(this.#slice()).toString("utf8");
      case builtin.interface:
        return this.#interface();
    }
    const type = this.#types.get(id);
    if (type === undefined) throw this.#error(`a gob has a value of an unknown type ${id}`);
    switch (type.kind) {
      case "struct":
        return this.#struct(type.fields);
      case "list":
        return Array.from({ length: this.#count() }, () => this.#value(type.element));
      case "map":
        return this.#map(type.key, type.element);
      case "opaque":
        return this.#slice();
    }
  }

  #interface(): GobValue {
    if (this.#slice().length === 0) return undefined;
    const id = this.#typeOfNext();
    this.#unsigned(); // the value's length
    return this.#delimited(id);
  }

  #struct(fields: readonly { readonly name: string; readonly id: number }[]): GobValue {
    const value: Record<string, GobValue> = Object.create(null);
    let index = -1;
    for (let delta = this.#unsigned(); delta !== 0; delta = this.#unsigned()) {
      index += delta;
      const field = fields[index];
      if (field === undefined) throw this.#error("a gob has a field that its type lacks");
      value[field.name] = this.#value(field.id);
    }
    return value;
  }

  #map(key: number, element: number): GobValue {
    const value: Record<string, GobValue> = Object.create(null);
    for (let left = this.#count(); left > 0; left--) {
      const name = String(this.#value(key));
      value[name] = this.#value(element);
    }
    return value;
  }

  /** A wireType: which kind of type, by its field number, and that kind's own struct. */
  #definition(): GobType {
    let type: GobType | undefined;
    let field = 0;
    for (let delta = this.#unsigned(); delta !== 0; delta = this.#unsigned()) {
      field += delta;
      type = this.#definitionOf(field);
    }
    if (type === undefined) throw this.#error("a gob defines a type of no kind");
    return type;
  }

  #definitionOf(kind: number): GobType {
    const numbers: number[] = [];
    let fields: { name: string; id: number }[] = [];
    let field = 0;
    for (let delta = this.#unsigned(); delta !== 0; delta = this.#unsigned()) {
      field += delta;
      if (field === 1) this.#nameAndId();
      else if (kind === 3) fields = Array.from({ length: this.#count() }, () => this.#nameAndId());
      else numbers[field] = this.#signed();
    }
    if (kind === 1 || kind === 2) return { kind: "list", element: numbers[2] ?? 0 };
    if (kind === 3) return { kind: "struct", fields };
    if (kind === 4) return { kind: "map", key: numbers[2] ?? 0, element: numbers[3] ?? 0 };
    if (kind <= 7) return { kind: "opaque" };
    throw this.#error(`a gob defines a type of an unknown kind ${kind}`);
  }

  #nameAndId(): { name: string; id: number } {
    const named = { name: "", id: 0 };
    let field = 0;
    for (let delta = this.#unsigned(); delta !== 0; delta = this.#unsigned()) {
      field += delta;
      if (field === 1) named.name = Buffer.from(this.#slice()).toString("utf8");
      else named.id = this.#signed();
    }
    return named;
  }

  #slice(): Uint8Array {
    const length = this.#count();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** Of bytes or elements; each takes a byte at least. */
  #count(): number {
    const count = this.#unsigned();
    if (count > this.#bytes.length - this.#at) throw this.#error("a gob is cut off");
    return count;
  }

  #float(): number {
    const bits = this.#big();
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(bits); // sent with its bytes reversed, because the low ones are mostly 0
    return bytes.readDoubleBE();
  }

  #signed(): number {
    const unsigned = this.#big();
    return Number((unsigned & 1n) === 1n ? ~(unsigned >> 1n) : unsigned >> 1n);
  }

  #unsigned(): number {
    return Number(this.#big());
  }

  #big(): bigint {
    const first = this.#byte();
    if (first < 0x80) return BigInt(first);
    const length = 0x100 - first;
    if (length > 8) throw this.#error("a gob has a number of more than 8 bytes");
    let value = 0n;
    for (let left = length; left > 0; left--) value = (value << 8n) | BigInt(this.#byte());
    return value;
  }

  #byte(): number {
    if (this.#at >= this.#bytes.length) throw this.#error("a gob is cut off");
    return this.#view.getUint8(this.#at++);
  }

  #error(message: string): GobError {
    return new GobError(message, this.#at);
  }
}
