/**
 * Mends the YAML behind test points: vitest writes strings over several lines and does not indent them, which is no YAML, so a
 * parser would throw the whole block away, message and all.
 */
export class YamlBlocks {
  /** How far the block's start is indented; undefined: outside of one. */
  #indent: number | undefined;

  mended(line: string): string {
    const indent = line.length - line.trimStart().length;
    if (this.#indent === undefined) {
      if (/^\s+---\s*$/.test(line)) this.#indent = indent;
      return line;
    }
    const isEnd = /^\s+\.\.\.\s*$/.test(line) && indent === this.#indent;
    const isTap = indent < this.#indent && /^\s*(?:(?:not )?ok\b|1\.\.\d|# Subtest|\})/.test(line);
    if (isEnd || isTap) this.#indent = undefined;
    else if (indent < this.#indent && line.trim() !== "") return `${" ".repeat(this.#indent + 16)}${line}`;
    return line;
  }
}
