import { parseRfc3164 } from "./parse-rfc3164.js";
import { parseRfc5424 } from "./parse-rfc5424.js";
import { readPriority, type SyslogMessage } from "./syslog-message.js";

/**
 * The message that a line is. Never refuses one: what is not RFC 5424 is read as RFC 3164, of which all parts are
 * optional, and a line without `<PRI>` is kept as it came.
 */
export function parseSyslog(line: string): SyslogMessage {
  const start = readPriority(line);
  if (start === undefined) return { format: "raw", message: line };
  const { priority, facility, severity, rest } = start;
  return { ...(parseRfc5424(rest) ?? parseRfc3164(rest)), priority, facility, severity };
}
