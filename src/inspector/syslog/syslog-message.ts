/** Facilities by number (RFC 5424, table 1), in the words of syslog.conf and logger(1). */
const facilityNames = `kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock
  local0 local1 local2 local3 local4 local5 local6 local7`.split(/\s+/);

/** Severities by number (RFC 5424, table 2): 0 is the worst. */
const severityNames = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"] as const;

/** Structured data (RFC 5424, 6.3): element → parameter → value; a parameter that is given twice has its values in order. */
export type StructuredData = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** A log line and what is known of it. What the sender left out, or wrote as "-", is missing. */
export interface SyslogMessage {
  /** "raw": the line has no form that we know; `message` is all of it. */
  readonly format: "rfc5424" | "rfc3164" | "raw";
  /** 8 × facility + severity. */
  readonly priority?: number;
  readonly facility?: string;
  readonly severity?: string;
  /** As the sender wrote it: RFC 3164's has no year and no zone. */
  readonly timestamp?: string;
  readonly hostname?: string;
  readonly app?: string;
  readonly procid?: string;
  readonly msgid?: string;
  readonly structuredData?: StructuredData;
  readonly message: string;
}

/** `<PRI>` at the start of a line, or undefined: one to three digits, at most 191 (RFC 5424, 6.2.1). */
export function readPriority(
  line: string,
):
  | { readonly priority: number; readonly facility: string; readonly severity: string; readonly rest: string }
  | undefined {
  const match = /^<(\d{1,3})>/.exec(line);
  if (match === null) return undefined;
  const priority = Number(match[1]);
  const facility = facilityNames[priority >> 3];
  if (facility === undefined) return undefined;
  return { priority, facility, severity: severityNames[priority & 7]!, rest: line.slice(match[0].length) };
}
