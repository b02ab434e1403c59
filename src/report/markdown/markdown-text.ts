/** Names and messages are whatever a workload says: in a table cell they must neither end it nor become a link, a mention or markup. */
export function cellText(text: string): string {
  return codeSpan(oneLine(text)).replaceAll("|", "\\|");
}

/** Text that is shown as it is; the fence is longer than any in it (CommonMark 6.1). */
export function codeSpan(text: string): string {
  const line = oneLine(text);
  if (line === "") return "–";
  const fence = "`".repeat(longestRun(line) + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** A block of text as it is (CommonMark 4.5). */
export function codeBlock(text: string, language = ""): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

/** For where there is no code span: a summary of details. */
export function htmlText(text: string): string {
  return oneLine(text).replace(/[&<>"'`*_[\]\\@#|]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const mostCharacters = 200;

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > mostCharacters ? `${line.slice(0, mostCharacters)}…` : line;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}
