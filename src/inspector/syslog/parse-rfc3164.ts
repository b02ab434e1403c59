import { isIPv6 } from "node:net";
import type { SyslogMessage } from "./syslog-message.js";

// "Oct 11 22:14:15", also with a year or fractions as routers write it, and the RFC 3339 time that rsyslog forwards.
const timestampPattern =
  /^(?:[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d+)?|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)):? +/;
const hostPattern = /^(\S+) +/;
// TAG[PID]: the RFC ends a tag at the first character that is no letter or digit; programs put all sorts into it.
const tagPattern = /^([^\s:[\]]{1,128})(?:\[([^\s\]]{0,128})\])?(?::|(?<=\])(?=\s)) ?/;

/**
 * What follows `<PRI>` as RFC 3164 has it: all its parts are optional, and what is none of them is the message (4.3).
 * Local programs leave the host out, so what looks like a tag after the time is one.
 */
export function parseRfc3164(rest: string): SyslogMessage {
  const timestamp = timestampPattern.exec(rest);
  if (timestamp === null) return { format: "rfc3164", ...readTag(rest) };
  const afterTime = rest.slice(timestamp[0].length);
  const time = { format: "rfc3164", timestamp: timestamp[0].trim().replace(/:$/, "") } as const;
  const host = hostPattern.exec(afterTime);
  const isHost = host !== null && (isIPv6(host[1]!) || !tagPattern.test(afterTime));
  if (!isHost) return { ...time, ...readTag(afterTime) };
  return { ...time, hostname: host[1]!, ...readTag(afterTime.slice(host[0].length)) };
}

function readTag(text: string): { app?: string; procid?: string; message: string } {
  const tag = tagPattern.exec(text);
  if (tag === null) return { message: text };
  const [all, app, procid] = tag;
  return {
    app: app!,
    ...(procid === undefined || procid === "" ? {} : { procid }),
    message: text.slice(all.length),
  };
}
