import { NmzError } from "../../util/index.js";

/** What docker detaches at unless told otherwise: ctrl-p, ctrl-q. */
export const defaultDetachKeys: readonly number[] = [16, 17];

/**
 * `--detach-keys` as bytes: "ctrl-p,ctrl-q" → [16, 17]; single characters, `ctrl-` with one of a–z @ [ \ ] ^ _, or DEL,
 * separated by commas (moby/term, ToBytes). Empty means the default. Throws NMZ_TERMINAL_DETACH_KEYS.
 */
export function parseDetachKeys(text: string): readonly number[] {
  if (text === "") return defaultDetachKeys;
  return text.split(",").map((key) => {
    const control = /^ctrl-([a-z@[\\\]^_])$/.exec(key);
    if (control !== null) return control[1]!.toUpperCase().charCodeAt(0) - 64;
    if (key === "DEL") return 127;
    if (/^[\x20-\x7e]$/.test(key)) return key.charCodeAt(0);
    throw new NmzError("NMZ_TERMINAL_DETACH_KEYS", `"${key}" in --detach-keys "${text}" is not a key`, {
      hint: 'write single characters or ctrl-<letter>, separated by commas: "ctrl-p,ctrl-q"',
    });
  });
}

/**
 * Watches typed bytes for the detach keys. A sequence that has begun is held back until it is complete or broken; broken,
 * it goes through as typed, with the byte that broke it, which begins no new one (as docker's escape proxy).
 */
export class DetachFilter {
  readonly #keys: readonly number[];
  #matched = 0;

  constructor(keys: readonly number[]) {
    this.#keys = keys;
  }

  /** What is to be passed on; after `isDetached` nothing more comes. */
  push(chunk: Buffer): { readonly passed: Buffer; readonly isDetached: boolean } {
    if (this.#keys.length === 0) return { passed: chunk, isDetached: false };
    const passed: number[] = [];
    for (const byte of chunk) {
      if (byte === this.#keys[this.#matched]) {
        this.#matched += 1;
        if (this.#matched === this.#keys.length) return { passed: Buffer.from(passed), isDetached: true };
        continue;
      }
      passed.push(...this.#keys.slice(0, this.#matched), byte);
      this.#matched = 0;
    }
    return { passed: Buffer.from(passed), isDetached: false };
  }

  /** What is still held back when no more is typed. */
  flush(): Buffer {
    const held = Buffer.from(this.#keys.slice(0, this.#matched));
    this.#matched = 0;
    return held;
  }
}
