// The escape sequences of ECMA-48: CSI (colours, cursor), OSC (titles, links; ended by BEL or ST), and two-character ones.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const escapeSequence = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\^_])/g;

/** The text as it reads: without colours, and with line ends that are "\n" (a terminal writes "\r\n"). */
export function withoutColour(text: string): string {
  const plain = text.includes("\u001b") ? text.replace(escapeSequence, "") : text;
  return plain.includes("\r") ? plain.replace(/\r+\n/g, "\n") : plain;
}
