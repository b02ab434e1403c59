/**
 * Knows where one TAP document ends and the next begins: `prove -v` prints one for each file, below its name, and a script
 * may run several programs. A parser takes what follows a trailing plan for noise.
 */
export class DocumentEnds {
  #hasVersion = false;
  #planned: number | undefined;
  #isTrailing = false;
  #points = 0;

  /** What the document that begins with this line is called; undefined: the line belongs to the one before. */
  nextDocument(line: string): { readonly names: readonly string[] } | undefined {
    const file = /^(\S+) \.{2,}\s*$/.exec(line)?.[1];
    const isVersion = /^TAP version \d+\s*$/.test(line);
    const plan = /^1\.\.(\d+)\b/.exec(line)?.[1];
    const isPoint = /^(?:not )?ok\b/.test(line);
    const isComplete = this.#planned !== undefined && (this.#isTrailing || this.#points >= this.#planned);
    const isNext =
      file !== undefined ||
      (isVersion && (this.#hasVersion || this.#points > 0)) ||
      (plan !== undefined && this.#planned !== undefined) ||
      (isPoint && isComplete);
    if (isNext) this.#reset();
    if (isVersion) this.#hasVersion = true;
    if (plan !== undefined) {
      this.#planned = Number(plan);
      this.#isTrailing = this.#points > 0;
    }
    if (isPoint) this.#points++;
    return isNext ? { names: file === undefined ? [] : [file] } : undefined;
  }

  #reset(): void {
    this.#hasVersion = false;
    this.#planned = undefined;
    this.#isTrailing = false;
    this.#points = 0;
  }
}
