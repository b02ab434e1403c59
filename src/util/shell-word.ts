/** One word as a POSIX shell reads it: pasted, it does what it says and nothing else. */
export function shellWord(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
