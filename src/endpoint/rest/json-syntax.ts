/** Where a text stops being JSON (RFC 8259), and what could have stood there. */
export interface JsonMistake {
  /** From 0, in UTF-8. */
  readonly byte: number;
  readonly expected: string;
  /** What stands there, shortened; empty at the end of the text. */
  readonly got: string;
}

const space = /[ \t\n\r]*/y;
const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const escapeSequence = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

type Expectation = "value" | "value or ]" | "key or }" | "key" | ":" | ", or end" | "nothing more";

/**
 * Finds the first mistake of a text that JSON.parse did not take; V8 often does not say where it is. Undefined for a text
 * without one. Does not recurse and looks at each character once, whatever the text.
 */
export function findJsonMistake(text: string): JsonMistake | undefined {
  const open: ("{" | "[")[] = [];
  let expects: Expectation = "value";
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const mistake = (expected: string): JsonMistake => ({
    byte: Buffer.byteLength(text.slice(0, at)),
    expected,
    got: text.slice(at, at + 12),
  });
  const afterValue = (): Expectation => (open.length === 0 ? "nothing more" : ", or end");
  /** Past a string that starts here; what is wrong in it otherwise. */
  const skipString = (): string | undefined => {
    for (at += 1; at < text.length; ) {
      const code = text.charCodeAt(at);
      if (code === 0x22) {
        at += 1;
        return undefined;
      }
      if (code < 0x20) return "an escaped control character";
      if (code !== 0x5c) at += 1;
      else if (match(escapeSequence) === undefined) return "an escape sequence";
    }
    return 'a closing "';
  };

  for (;;) {
    match(space);
    const first = text[at];
    if (first === undefined && expects === "nothing more") return undefined;
    switch (expects) {
      case "nothing more":
        return mistake("nothing more");
      case ":":
        if (first !== ":") return mistake('":"');
        at += 1;
        expects = "value";
        break;
      case ", or end": {
        const end = open.at(-1) === "{" ? "}" : "]";
        if (first === end) {
          open.pop();
          expects = afterValue();
        } else if (first === ",") expects = end === "}" ? "key" : "value";
        else return mistake(`"," or "${end}"`);
        at += 1;
        break;
      }
      case "key or }":
      case "key": {
        if (first === "}" && expects === "key or }") {
          at += 1;
          open.pop();
          expects = afterValue();
          break;
        }
        if (first !== '"') return mistake(expects === "key" ? "a key in quotes" : 'a key in quotes or "}"');
        const wrong = skipString();
        if (wrong !== undefined) return mistake(wrong);
        expects = ":";
        break;
      }
      default: {
        if (first === "]" && expects === "value or ]") {
          at += 1;
          open.pop();
          expects = afterValue();
        } else if (first === "{" || first === "[") {
          at += 1;
          open.push(first);
          expects = first === "{" ? "key or }" : "value or ]";
        } else if (first === '"') {
          const wrong = skipString();
          if (wrong !== undefined) return mistake(wrong);
          expects = afterValue();
        } else if (match(scalar) !== undefined) expects = afterValue();
        else return mistake(expects === "value" ? "a value" : 'a value or "]"');
      }
    }
  }
}
