const begin = "<!-- which-finds-what: begin -->";
const end = "<!-- which-finds-what: end -->";

/** The document with `text` between its two markers, in place of what was there. Throws where it has no markers. */
export function intoDocument(document: string, text: string): string {
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the document has no lines "${begin}" and "${end}"`);
  return `${document.slice(0, from + begin.length)}\n\n${text}\n\n${document.slice(to)}`;
}
