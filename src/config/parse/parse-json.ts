import type { KeyPath } from "../key-table.js";
import { ConfigSyntaxError, type ParsedFile } from "./parsed-file.js";
import { Positions } from "./positions.js";

// As deep as any sane file; the parser recurses.
const maxDepth = 500;

/** RFC 8259, strictly. Node's own parser says neither the line of an error nor that of a key. */
export function parseJson(text: string): ParsedFile {
  return new JsonParser(text).parse();
}

class JsonParser {
  readonly #text: string;
  readonly #positions = new Positions();
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): ParsedFile {
    const data = this.#value([]);
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail("nothing more", this.#at);
    return { data, positions: this.#positions };
  }

  #value(path: KeyPath): unknown {
    if (path.length > maxDepth) throw this.#error(`nested deeper than ${maxDepth}`, this.#at);
    this.#skipSpace();
    const first = this.#text[this.#at];
    if (first === "{") return this.#object(path);
    if (first === "[") return this.#array(path);
    if (first === '"') return this.#string("a value");
    const token = /[-+.\w]*/y;
    token.lastIndex = this.#at;
    const word = token.exec(this.#text)![0];
    if (!/^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)$/.test(word))
      this.#fail("a value", this.#at);
    this.#at += word.length;
    return JSON.parse(word);
  }

  #object(path: KeyPath): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    this.#members("}", () => {
      const start = this.#at;
      const key = this.#string("a key in double quotes");
      if (Object.hasOwn(object, key)) throw this.#error(`key ${JSON.stringify(key)} is given twice`, start);
      const at = [...path, key];
      this.#positions.set(at, this.#place(start).line);
      this.#skipSpace();
      if (this.#text[this.#at] !== ":") this.#fail('":"', this.#at);
      this.#at += 1;
      const value = this.#value(at);
      // Not an assignment: "__proto__" is a key like any other.
      Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
    });
    return object;
  }

  #array(path: KeyPath): unknown[] {
    const array: unknown[] = [];
    this.#members("]", () => {
      const at = [...path, array.length];
      this.#positions.set(at, this.#place(this.#at).line);
      array.push(this.#value(at));
    });
    return array;
  }

  #members(close: string, readMember: () => void): void {
    this.#at += 1;
    this.#skipSpace();
    if (this.#text[this.#at] === close) {
      this.#at += 1;
      return;
    }
    for (;;) {
      this.#skipSpace();
      readMember();
      this.#skipSpace();
      const next = this.#text[this.#at];
      if (next !== "," && next !== close) this.#fail(`"," or "${close}"`, this.#at);
      this.#at += 1;
      if (next === close) return;
    }
  }

  #string(expected: string): string {
    const start = this.#at;
    const token = /"(?:[^"\\\n\r]|\\.)*"/y;
    token.lastIndex = start;
    const quoted = token.exec(this.#text)?.[0];
    if (quoted === undefined) {
      if (this.#text[start] === '"') throw this.#error("string without an end", start);
      this.#fail(expected, start);
    }
    try {
      const value = JSON.parse(quoted) as string;
      this.#at += quoted.length;
      return value;
    } catch {
      throw this.#error("bad escape or control character in a string", start);
    }
  }

  #skipSpace(): void {
    while (" \t\n\r".includes(this.#text[this.#at] ?? "end")) this.#at += 1;
  }

  #fail(expected: string, at: number): never {
    const found = at < this.#text.length ? JSON.stringify(this.#text[at]) : "the end of the file";
    throw this.#error(`expected ${expected}, found ${found}`, at);
  }

  #error(message: string, at: number): ConfigSyntaxError {
    const { line, column } = this.#place(at);
    return new ConfigSyntaxError(message, line, column);
  }

  #place(at: number): { line: number; column: number } {
    const before = this.#text.slice(0, at).split("\n");
    return { line: before.length, column: before.at(-1)!.length + 1 };
  }
}
