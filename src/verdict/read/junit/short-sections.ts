const sections = [
  { start: "<![CDATA[", end: "]]>" },
  { start: "<!--", end: "-->" },
  { start: "<?", end: "?>" },
] as const;
type Section = (typeof sections)[number];

/**
 * Shortens CDATA sections, comments and processing instructions before the parser sees them: the parser keeps each one
 * whole in memory, and surefire writes a test's whole output as one. Line numbers stay, because line ends are kept.
 */
export class ShortSections {
  /** What may be the start of something, with which the last chunk ended. */
  #rest = "";
  #section: Section | undefined;
  #kept = 0;

  constructor(readonly maximumLength: number) {}

  filter(chunk: string): string {
    const text = this.#rest + chunk;
    this.#rest = "";
    const pieces: string[] = [];
    let at = 0;
    while (at < text.length) {
      const section = this.#section;
      at = section === undefined ? this.#outside(text, at, pieces) : this.#inside(text, at, section, pieces);
    }
    return pieces.join("");
  }

  /** What was held back: the end of a text that was cut. */
  end(): string {
    return this.#rest;
  }

  #outside(text: string, from: number, pieces: string[]): number {
    for (let at = text.indexOf("<", from); at >= 0; at = text.indexOf("<", at + 1)) {
      const section = sections.find(({ start }) => text.startsWith(start, at));
      if (section !== undefined) {
        this.#section = section;
        this.#kept = 0;
        pieces.push(text.slice(from, at + section.start.length));
        return at + section.start.length;
      }
      const ahead = text.slice(at, at + 9);
      if (at + ahead.length === text.length && sections.some(({ start }) => start.startsWith(ahead))) {
        pieces.push(text.slice(from, at));
        this.#rest = ahead;
        return text.length;
      }
    }
    pieces.push(text.slice(from));
    return text.length;
  }

  #inside(text: string, from: number, section: Section, pieces: string[]): number {
    const end = text.indexOf(section.end, from);
    if (end >= 0) {
      pieces.push(this.#cut(text.slice(from, end)), section.end);
      this.#section = undefined;
      return end + section.end.length;
    }
    const upTo = Math.max(from, text.length - section.end.length + 1);
    pieces.push(this.#cut(text.slice(from, upTo)));
    this.#rest = text.slice(upTo);
    return text.length;
  }

  #cut(text: string): string {
    const room = Math.max(0, this.maximumLength - this.#kept);
    this.#kept += text.length;
    if (text.length <= room) return text;
    // A surrogate pair that is cut in two would be an error of the document's that the document does not have.
    const kept = text.slice(0, room).replace(/[\ud800-\udbff]$/, "");
    return kept + text.slice(room).replace(/[^\n]+/g, "");
  }
}
