import { readStructuredData } from "./structured-data.js";
import type { SyslogMessage } from "./syslog-message.js";

// VERSION TIMESTAMP HOSTNAME APP-NAME PROCID MSGID, each ended by one blank (RFC 5424, 6).
const header = /^([1-9]\d{0,2}) (\S+) (\S+) (\S+) (\S+) (\S+) /;
const timestampPattern = /^(?:-|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))$/i;

/** What follows `<PRI>` as RFC 5424 has it, or undefined when it is not of that form. */
export function parseRfc5424(rest: string): SyslogMessage | undefined {
  const match = header.exec(rest);
  if (match === null) return undefined;
  const [all, , timestamp, hostname, app, procid, msgid] = match;
  if (!timestampPattern.test(timestamp!)) return undefined;
  const afterHeader = rest.slice(all.length);
  const structured = readStructuredData(afterHeader);
  if (structured === undefined) return undefined;
  const afterData = afterHeader.slice(structured.end);
  if (afterData !== "" && !afterData.startsWith(" ")) return undefined;
  return {
    format: "rfc5424",
    ...given({ timestamp, hostname, app, procid, msgid }),
    ...(structured.data === undefined ? {} : { structuredData: structured.data }),
    // rsyslog puts the blank that ended an older message's tag before what it forwards; the mark says UTF-8.
    message: afterData.slice(1).replace(/^ ?\uFEFF?/, ""),
  };
}

/** Without what is "-", the value that stands for none. */
function given<T extends string>(
  fields: Readonly<Record<T, string | undefined>>,
): Partial<Record<T, string>> {
  const known = Object.entries<string | undefined>(fields).filter(
    ([, value]) => value !== undefined && value !== "-",
  );
  return Object.fromEntries(known) as Partial<Record<T, string>>;
}
