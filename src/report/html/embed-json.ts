/**
 * JSON as the text of a script element. Test names and output are whatever a workload says: `</script>` and `<!--` must not
 * end or change the element, so every `<`, `>` and `&` is written as JSON's own escape, which HTML does not read.
 */
export function embedJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Text between tags, and in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
