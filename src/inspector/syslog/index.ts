/**
 * Log lines: whoever logs by syslog (RFC 3164 or 5424, over UDP or TCP) can be pointed here, and each line becomes a LogEvent
 * with all that the line says about itself. The program that logged has gone on: a policy can act on a line (run a
 * command, change what it does to packets), not hold it.
 *
 * Must not know who decides. Invariants: no line is refused for its form, what cannot be read is passed on as it came; one
 * sender's memory, connections and silence are bounded; a port that cannot be had is said before anything listens.
 */
export {
  type StartedSyslogInspector,
  type SyslogLimits,
  type SyslogOptions,
  startSyslogInspector,
} from "./start-syslog-inspector.js";
