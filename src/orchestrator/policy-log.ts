// A policy may log at each of 300,000 packets a second; nobody reads more.
const maxLines = 1000;

/** What a policy has to say to the user, as lines that are told from lines of ours. */
export class PolicyLog {
  readonly #onLine: ((line: string) => void) | undefined;
  #lines = 0;

  constructor(onLine: ((line: string) => void) | undefined) {
    this.#onLine = onLine;
  }

  /** `name` is undefined while the policy is being made. */
  say(name: string | undefined, line: string): void {
    this.#lines += 1;
    if (this.#lines > maxLines) return;
    const more = this.#lines === maxLines ? " (what else it says is not shown)" : "";
    // One line: what it quotes from a log or a packet shall not look like lines of ours.
    const text = `${line}`.replaceAll("\n", "\\n");
    this.#onLine?.(`policy${name === undefined ? "" : ` "${name}"`}: ${text}${more}`);
  }
}
