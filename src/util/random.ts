import { type Hash64, mix32 } from "./hash.js";

/** A source of chance, as an argument: policies never call `Math.random`. */
export interface Random {
  /** Uniform in [0, 1), 32 bits of it. */
  next(): number;
  /** Uniform integer in [min, max]. */
  integer(min: number, max: number): number;
}

/** A counter-based generator: its n-th number depends on the key and n alone, so streams are independent. */
export class KeyedRandom implements Random {
  readonly #key: Hash64;
  #drawn = 0;

  constructor(key: Hash64) {
    this.#key = key;
  }

  next(): number {
    this.#drawn += 1;
    const salted = mix32(this.#key.high + Math.imul(this.#drawn, 0x9e3779b9));
    return mix32(salted ^ this.#key.low) / 0x1_0000_0000;
  }

  integer(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }
}
