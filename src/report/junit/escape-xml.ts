// What XML 1.0 has no place for, even escaped: most control characters, lone surrogates, U+FFFE and U+FFFF.
const impossible = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Text in an element or a quoted attribute. */
export function escapeXml(text: string): string {
  return text
    .replace(impossible, "\ufffd")
    .replace(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
