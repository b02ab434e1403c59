import type { KeyPath } from "../key-table.js";
import { Positions } from "./positions.js";

/**
 * On which line each key of a valid TOML text stands; smol-toml does not say. Knows just enough of TOML v1 to step over
 * values: headers, dotted and quoted keys, the four kinds of string, arrays, inline tables, comments.
 */
export function scanTomlPositions(text: string): Positions {
  return new TomlScanner(text).scan();
}

class TomlScanner {
  readonly #text: string;
  readonly #positions = new Positions();
  /** How many elements each array of tables has so far, by its path. */
  readonly #elements = new Map<string, number>();
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): Positions {
    let table: KeyPath = [];
    for (this.#skipBlank(); this.#at < this.#text.length; this.#skipBlank()) {
      const before = this.#at;
      if (this.#text[this.#at] === "[") table = this.#header();
      else this.#keyValue(table);
      if (this.#at === before) break; // not TOML after all: what is known so far has to do
    }
    return this.#positions;
  }

  #header(): KeyPath {
    const line = this.#line;
    const isArray = this.#text.startsWith("[[", this.#at);
    this.#step(isArray ? 2 : 1);
    const keys = this.#keys();
    this.#skipLine();
    let path: KeyPath = [];
    for (const [index, key] of keys.entries()) {
      path = [...path, key];
      const identity = JSON.stringify(path);
      const isNewElement = isArray && index === keys.length - 1;
      if (isNewElement) this.#elements.set(identity, (this.#elements.get(identity) ?? 0) + 1);
      const count = this.#elements.get(identity);
      if (this.#positions.lineOf(path) === undefined || isNewElement) this.#positions.set(path, line);
      if (count !== undefined) path = [...path, count - 1];
      if (isNewElement) this.#positions.set(path, line);
    }
    this.#positions.set(path, line);
    return path;
  }

  #keyValue(table: KeyPath): void {
    const line = this.#line;
    const keys = this.#keys();
    for (let length = 1; length <= keys.length; length++) {
      this.#positions.set([...table, ...keys.slice(0, length)], line);
    }
    if (this.#text[this.#at] !== "=") return;
    this.#step(1);
    this.#value([...table, ...keys]);
  }

  #keys(): string[] {
    const keys: string[] = [];
    for (;;) {
      this.#skipSpace();
      const quote = this.#text[this.#at];
      const start = this.#at;
      if (quote === '"' || quote === "'") {
        this.#string();
        keys.push(unquote(this.#text.slice(start, this.#at)));
      } else {
        this.#stepWhile(/[\w-]/);
        keys.push(this.#text.slice(start, this.#at));
      }
      this.#skipSpace();
      if (this.#text[this.#at] !== ".") return keys;
      this.#step(1);
    }
  }

  #value(path: KeyPath): void {
    this.#skipSpace();
    const first = this.#text[this.#at];
    if (first === '"' || first === "'") this.#string();
    else if (first === "[") this.#members("]", (index) => this.#element([...path, index]));
    else if (first === "{") this.#members("}", () => this.#keyValue(path));
    else this.#stepWhile(/[^,\]}\n#]/);
  }

  #element(path: KeyPath): void {
    this.#positions.set(path, this.#line);
    this.#value(path);
  }

  #members(close: string, readMember: (index: number) => void): void {
    this.#step(1);
    for (let index = 0; this.#at < this.#text.length; index++) {
      this.#skipBlank();
      if (this.#text[this.#at] === close) break;
      const before = this.#at;
      readMember(index);
      this.#skipBlank();
      if (this.#text[this.#at] === ",") this.#step(1);
      if (this.#at === before) return;
    }
    this.#step(1);
  }

  #string(): void {
    const quote = this.#text[this.#at]!;
    const triple = quote.repeat(3);
    const close = this.#text.startsWith(triple, this.#at) ? triple : quote;
    this.#step(close.length);
    while (this.#at < this.#text.length && !this.#text.startsWith(close, this.#at)) {
      this.#step(quote === '"' && this.#text[this.#at] === "\\" ? 2 : 1);
    }
    this.#step(close.length);
    // A multi-line string may end in up to two quotes of its own.
    if (close === triple) while (this.#text[this.#at] === quote) this.#step(1);
  }

  #skipBlank(): void {
    for (;;) {
      this.#stepWhile(/\s/);
      if (this.#text[this.#at] !== "#") return;
      this.#skipLine();
    }
  }

  #skipSpace(): void {
    this.#stepWhile(/[ \t]/);
  }

  #skipLine(): void {
    this.#stepWhile(/[^\n]/);
  }

  #stepWhile(pattern: RegExp): void {
    while (this.#at < this.#text.length && pattern.test(this.#text[this.#at]!)) this.#step(1);
  }

  #step(count: number): void {
    for (let left = count; left > 0 && this.#at < this.#text.length; left--) {
      if (this.#text[this.#at++] === "\n") this.#line += 1;
    }
  }
}

function unquote(quoted: string): string {
  if (quoted.startsWith("'")) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted.slice(1, -1); // an escape that only TOML has: the line is lost, not the value
  }
}
