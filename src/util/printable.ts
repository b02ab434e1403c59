// ESC, and the C1 characters that some terminals take for one, among it.
const control = /(?![\t\n])\p{Cc}/gu;

/**
 * The text as a terminal may be given it: control characters are written as `\x1b`. What a policy logs, or an error quotes, may
 * be a log line or a frame from the network, and whoever sent it does not rule our user's terminal.
 */
export function printable(text: string): string {
  return text.replace(control, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}
