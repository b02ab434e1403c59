const controls = "@abcdefghijklmnopqrstuvwxyz[\\]^_";

/** ctrl-p ctrl-q */
export const defaultDetachKeys: readonly number[] = [16, 17];

/** "ctrl-p,ctrl-q", "ctrl-@,x", "DEL" as bytes: the spelling of github.com/moby/term, ascii.go. */
export function parseDetachKeys(text: string): readonly number[] {
  return text.split(",").map((key) => {
    if (key.length === 1 && key.charCodeAt(0) < 128) return key.charCodeAt(0);
    const control = /^ctrl-(.)$/.exec(key)?.[1];
    const code = control === undefined ? -1 : controls.indexOf(control);
    if (code >= 0) return code;
    if (key === "DEL") return 127;
    throw new Error(`Unknown character: '${key}' (like ctrl-p,ctrl-q)`);
  });
}
