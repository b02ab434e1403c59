import { messageOf, NmzError } from "../../util/index.js";

/** What the user is told when lines cannot be received. */
export function syslogError(
  error: unknown,
  at: { readonly transport: string; readonly host: string; readonly port: number },
): NmzError {
  if (error instanceof NmzError) return error;
  const place = `${at.transport} port ${at.port} of ${at.host}`;
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === "EADDRINUSE") {
    return new NmzError("NMZ_SYSLOG_PORT_TAKEN", `another program listens on ${place}`, {
      hint: "give another port, or 0 for one that is free",
      cause: error,
    });
  }
  if (code === "EACCES" || code === "EPERM") {
    return new NmzError("NMZ_SYSLOG_PERMISSION", `${place} is not ours to listen on`, {
      hint: "ports below 1024 are root's: run as root, or give a higher one",
      cause: error,
    });
  }
  return new NmzError("NMZ_SYSLOG_LISTEN", `cannot listen on ${place}: ${messageOf(error)}`, {
    hint: "give an address of this machine, such as 127.0.0.1 or ::1",
    cause: error,
  });
}
