import type { Frame, StackLanguage } from "./stack.js";

// "main.(*Queue).Take(0xc0000, ...)" and below it "\t/src/queue.go:12 +0x1d"; the race detector indents both.
const callLine = /^([\w./%~-]*[\w%~-](?:\.\(\*?[\w[\].,·]+\))?(?:\.[\w[\].·-]+)*)\(.*\)$/;
const placeLine = /^\s+(\S+\.(?:go|s)):\d+(?: \+0x[0-9a-f]+)?$/;
// What t.Error, t.Log and testify write: a place without a call.
const logLine = /^\s{4,}([\w.-]+_test\.go):\d+: /;
const foreign =
  /^(?:runtime|testing|panic|reflect|sync|internal\/\w+|net\/http|os|syscall)(?:[./(]|$)|^github\.com\/stretchr\/testify\//;

/** Go's panics, data races and test logs. */
export const go: StackLanguage = {
  name: "go",
  isInnermostLast: false,
  prefersLast: false,
  startsStack: (line) =>
    /^(?:goroutine \d+|WARNING: DATA RACE|panic: |fatal error: )/.test(line) ||
    /^Previous (?:read|write)/.test(line),
  frameAt(lines, at): Frame | undefined {
    const line = lines[at] ?? "";
    const log = logLine.exec(line);
    if (log !== null) return { text: log[1] ?? "", isOwn: true };
    const place = placeLine.exec(lines[at + 1] ?? "");
    const call =
      place === null
        ? null
        : callLine.exec(line.trim().replace(/^created by (.*?)(?: in goroutine \d+)?$/, "$1()"));
    if (place === null || call === null) return undefined;
    const name = (call[1] ?? "").replace(/\[\.\.\.\]/g, "");
    const path = place[1] ?? "";
    const isOwn = !foreign.test(name) && !/\/pkg\/mod\/|\/go\/src\/(?:runtime|testing)\//.test(path);
    return { text: name.slice(name.lastIndexOf("/") + 1), isOwn };
  },
};
