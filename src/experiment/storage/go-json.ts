/**
 * A JSON value as Go's json.MarshalIndent(v, "", "\t") writes a map: keys in order, tabs, no newline at the end, and `<`,
 * `>`, `&` and the line separators as escapes. What is undefined is left out.
 */
export function goJson(value: unknown, margin = ""): string {
  if (typeof value === "string") return goString(value);
  if (Object.is(value, -0)) return "-0";
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const inner = `${margin}\t`;
  if (Array.isArray(value))
    return block(
      value.map((item) => goJson(item, inner)),
      "[",
      "]",
      margin,
    );
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([key, member]) => `${goString(key)}: ${goJson(member, inner)}`);
  return block(members, "{", "}", margin);
}

function block(items: readonly string[], open: string, close: string, margin: string): string {
  if (items.length === 0) return open + close;
  return `${open}\n${items.map((item) => `${margin}\t${item}`).join(",\n")}\n${margin}${close}`;
}

/** Go escapes what would end a script element, knows no \b and \f, and puts U+FFFD where half a character stands. */
function goString(text: string): string {
  return JSON.stringify(Buffer.from(text).toString()).replace(/[<>&\u2028\u2029]|\\[bf\\]/g, (found) => {
    if (found === "\\b") return "\\u0008";
    if (found === "\\f") return "\\u000c";
    if (found === "\\\\") return found;
    return `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
