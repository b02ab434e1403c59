// Streams are files and ports, so there may be many; what is forgotten is drawn again, and the same.
const maxRemembered = 65_536;

/** Values that are made once for each name and can be made again: a bounded memory of them. */
export class Remembered<Value> {
  readonly #make: (name: string) => Value;
  readonly #values = new Map<string, Value>();

  constructor(make: (name: string) => Value) {
    this.#make = make;
  }

  of(name: string): Value {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    if (this.#values.size >= maxRemembered) this.#values.clear();
    const value = this.#make(name);
    this.#values.set(name, value);
    return value;
  }
}
