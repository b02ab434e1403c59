import type { SyslogMessage } from "./syslog-message.js";

const maxHintCharacters = 200;

const months = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec";
const days = "Mon|Tue|Wed|Thu|Fri|Sat|Sun";

/** What differs between two runs that do the same: dates, hexadecimal ids, and all that begins with a digit. */
const chance = new RegExp(
  [
    `(?:\\b(?:${days}),? +)?\\b(?:${months}) +\\d{1,2}\\b(?: +\\d{4}\\b)?`,
    "\\b(?=[a-fA-F]*\\d)[\\da-fA-F]{8,}(?:-[\\da-fA-F]{4}){0,3}(?:-[\\da-fA-F]{12})?\\b",
    "\\b\\d[\\w.+:-]*\\w|\\b\\d",
  ].join("|"),
  "g",
);

/**
 * What a log line has in common with its twin in another run: `syslog:daemon.err:sshd::Connection from # port #`. Holds no
 * time, process id, address or port, nor the host's name, which the engine gives out anew each time.
 */
export function logHint(line: SyslogMessage): string {
  const { facility = "", severity = "", app = "", msgid = "", message } = line;
  // Cut twice: a long line costs no long search, and what is replaced may be shorter or longer.
  const text = message.slice(0, 4 * maxHintCharacters).replace(chance, "#");
  const name = app.slice(0, maxHintCharacters);
  const kind = msgid.slice(0, maxHintCharacters);
  return `syslog:${facility}.${severity}:${name}:${kind}:${text.slice(0, maxHintCharacters)}`;
}
