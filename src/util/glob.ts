/**
 * Whether a text is what a pattern means: `*` any characters but `/`, `**` any characters, `?` one. A pattern without a
 * slash is about the last part of a path, as in .gitignore.
 */
export function globMatcher(pattern: string): (text: string) => boolean {
  const source = pattern.replace(/\*\*\/?|\*|\?|[\\^$.+()[\]{}|]/g, (sign) => {
    if (sign === "**/") return "(?:.*/)?";
    if (sign === "**") return ".*";
    if (sign === "*") return "[^/]*";
    return sign === "?" ? "[^/]" : `\\${sign}`;
  });
  const expression = new RegExp(`^${source}$`, "s");
  if (pattern.includes("/")) return (text) => expression.test(text);
  return (text) => expression.test(text.slice(text.lastIndexOf("/") + 1));
}

/**
 * The same for names that are no paths (of processes, entities, addresses): `*` any characters, a slash among them, and nothing
 * else means anything.
 */
export function nameMatcher(pattern: string): (name: string) => boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, "\\$&"));
  const expression = new RegExp(`^${parts.join(".*")}$`, "s");
  return (name) => expression.test(name);
}
