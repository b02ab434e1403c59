import { constants } from "node:os";

/**
 * Not forwarded. As docker: SIGCHLD, SIGPIPE, SIGURG (Go's own) and SIGWINCH concern this process alone. Beyond docker:
 * SIGKILL and SIGSTOP cannot be caught; a fault of our own (SIGSEGV and its like) must not be swallowed; SIGPROF
 * belongs to V8's profiler; and who catches SIGTTIN or SIGTTOU is asked again for ever instead of being stopped.
 */
const kept: ReadonlySet<string> = new Set([
  ...["SIGCHLD", "SIGPIPE", "SIGURG", "SIGWINCH"],
  ...["SIGKILL", "SIGSTOP", "SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGPROF", "SIGTTIN", "SIGTTOU"],
]);

/** Two names of one signal would send it twice. */
const secondNames: ReadonlySet<string> = new Set(["SIGIOT", "SIGPOLL", "SIGUNUSED", "SIGLOST", "SIGINFO"]);

export const forwardedSignals: readonly NodeJS.Signals[] = (
  Object.keys(constants.signals) as NodeJS.Signals[]
).filter((name) => !kept.has(name) && !secondNames.has(name));
