import type { StructuredData } from "./syslog-message.js";

type Values = Record<string, string | readonly string[]>;

// SD-NAME (RFC 5424, 6.3.2): no "=", blank, "]", quote or control character. Its limit of 32 is not kept by everybody.
const namePattern = /[^\s="\]\p{Cc}]+/uy;

/**
 * Reads STRUCTURED-DATA (RFC 5424, 6.3) at the start of `text`: "-" or `[id name="value" …]…`. Undefined when it is none.
 * `end` is the index after it.
 */
export function readStructuredData(
  text: string,
): { readonly data: StructuredData | undefined; readonly end: number } | undefined {
  if (text.startsWith("-")) return { data: undefined, end: 1 };
  const elements: [string, Values][] = [];
  let at = 0;
  while (text[at] === "[") {
    const id = nameAt(text, at + 1);
    if (id === undefined) return undefined;
    const parameters = readParameters(text, at + 1 + id.length);
    if (parameters === undefined) return undefined;
    elements.push([id, parameters.values]);
    at = parameters.end;
  }
  // fromEntries makes own properties of all names, "__proto__" too.
  return at === 0 ? undefined : { data: Object.fromEntries(elements), end: at };
}

function readParameters(text: string, start: number): { values: Values; end: number } | undefined {
  const values = new Map<string, string[]>();
  let at = start;
  for (;;) {
    if (text[at] === "]") break;
    if (text[at] !== " ") return undefined;
    while (text[at] === " ") at += 1;
    if (text[at] === "]") break;
    const name = nameAt(text, at);
    if (name === undefined) return undefined;
    at += name.length;
    if (text[at] !== "=" || text[at + 1] !== '"') return undefined;
    const value = readValue(text, at + 2);
    if (value === undefined) return undefined;
    const earlier = values.get(name);
    if (earlier === undefined) values.set(name, [value.value]);
    else earlier.push(value.value);
    at = value.end;
  }
  const entries = [...values].map(([name, all]) => [name, all.length === 1 ? all[0]! : all] as const);
  return { values: Object.fromEntries(entries), end: at + 1 };
}

/** A value up to its closing quote; `\"`, `\\` and `\]` lose their backslash, any other one is itself (6.3.3). */
function readValue(text: string, start: number): { value: string; end: number } | undefined {
  for (let at = start; at < text.length; at++) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') {
      return { value: text.slice(start, at).replace(/\\(["\\\]])/g, "$1"), end: at + 1 };
    }
  }
  return undefined;
}

function nameAt(text: string, at: number): string | undefined {
  namePattern.lastIndex = at;
  return namePattern.exec(text)?.[0];
}
