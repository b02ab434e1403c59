const decoder = new TextDecoder("utf-8");

/**
 * The text of a line's bytes: what is no UTF-8 becomes U+FFFD, as the line must go on as JSON; the ends are trimmed of line
 * ends, blanks and NULs, as Namazu's inspector did.
 */
export function lineText(bytes: Uint8Array): string {
  return trimmed(decoder.decode(bytes));
}

// Two loops and no regular expression: one that looks for blanks at the end takes quadratic time on a line of blanks.
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isMargin(text.charCodeAt(start))) start += 1;
  while (end > start && isMargin(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isMargin(code: number): boolean {
  return code === 0 || code === 9 || code === 10 || code === 13 || code === 32;
}
