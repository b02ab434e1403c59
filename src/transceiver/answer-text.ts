import type { HttpAnswer } from "./http-client.js";

const maxShown = 200;

/** What a server said that did not do what it was asked: the status and the beginning of its text. */
export function answerText(what: string, { status, text }: HttpAnswer): string {
  const said = text.trim();
  const shown = said.length <= maxShown ? said : `${said.slice(0, maxShown)}…`;
  return `${what} was answered with ${status}${shown === "" ? "" : ` ${JSON.stringify(shown)}`}`;
}
