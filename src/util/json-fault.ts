type Expected = "value" | "value or ]" | "key" | "key or }" | ":" | ", or end" | "nothing more";

/**
 * Where a text stops being JSON (RFC 8259): the offset, in UTF-16 units, of the first character that cannot stand there; the
 * text's length when it ends too early; undefined when it is JSON. `JSON.parse` is far quicker and does not always say.
 */
export function jsonFaultOffset(text: string): number | undefined {
  const open: ("{" | "[")[] = [];
  let expected: Expected = "value";
  let at = 0;
  const afterValue = (): Expected => (open.length === 0 ? "nothing more" : ", or end");
  for (;;) {
    while (isSpace(text.charCodeAt(at))) at += 1;
    const char = text[at];
    if (char === undefined) return expected === "nothing more" ? undefined : at;
    const container = open.at(-1);
    if (expected === "nothing more") return at;
    if (expected === ":") {
      if (char !== ":") return at;
      expected = "value";
      at += 1;
    } else if (expected === ", or end" && char === ",") {
      expected = container === "{" ? "key" : "value";
      at += 1;
    } else if (isEnd(char, container, expected)) {
      open.pop();
      expected = afterValue();
      at += 1;
    } else if (expected === ", or end") {
      return at;
    } else if (expected === "key" || expected === "key or }") {
      if (char !== '"') return at;
      const end = stringEnd(text, at);
      if (end.isFault) return end.at;
      at = end.at;
      expected = ":";
    } else if (char === "{" || char === "[") {
      open.push(char);
      expected = char === "{" ? "key or }" : "value or ]";
      at += 1;
    } else {
      const end = char === '"' ? stringEnd(text, at) : wordEnd(text, at);
      if (end.isFault) return end.at;
      at = end.at;
      expected = afterValue();
    }
  }
}

interface End {
  readonly at: number;
  readonly isFault: boolean;
}

function isEnd(char: string, container: "{" | "[" | undefined, expected: Expected): boolean {
  if (char === "}") return container === "{" && (expected === "key or }" || expected === ", or end");
  return char === "]" && container === "[" && (expected === "value or ]" || expected === ", or end");
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** `at` is the opening quote. */
function stringEnd(text: string, start: number): End {
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at]!;
    if (char === '"') return { at: at + 1, isFault: false };
    if (char < " ") return { at, isFault: true };
    if (char !== "\\") continue;
    at += 1;
    const escaped = text[at];
    if (escaped === undefined) break;
    if (!'"\\/bfnrtu'.includes(escaped)) return { at, isFault: true };
    if (escaped !== "u") continue;
    for (let digit = 1; digit <= 4; digit++) {
      if (!/^[0-9a-fA-F]$/.test(text[at + digit] ?? "")) return { at: at + digit, isFault: true };
    }
    at += 4;
  }
  return { at: text.length, isFault: true };
}

const words = ["true", "false", "null"];
// As much of a number as there is; the whole of one where the last group matched.
const numberPattern = /-?(?:(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)?/y;

function wordEnd(text: string, start: number): End {
  for (const word of words) {
    if (text[start] !== word[0]) continue;
    let at = start;
    while (at - start < word.length && text[at] === word[at - start]) at += 1;
    return { at, isFault: at - start < word.length };
  }
  numberPattern.lastIndex = start;
  const [number = ""] = numberPattern.exec(text) ?? [];
  return { at: start + number.length, isFault: number === "" || number === "-" };
}
