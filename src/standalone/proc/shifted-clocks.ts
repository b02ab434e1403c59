import {
  hasTimeNamespaces,
  openTimeNamespace,
  SyscallError,
  type TimeNamespace,
  whyOffsetsImpossible,
  whyTimeNamespaceRefuses,
} from "../../../runtime/kernel/index.js";
import { type ClockOffset, formatClockOffset } from "../../config/index.js";
import { messageOf, NmzError } from "../../util/index.js";

/**
 * The namespace of a command whose clocks are shifted. Throws NMZ_CLOCK_OFFSET before anything has been started, where the
 * machine cannot do it.
 */
export async function openShiftedClocks(offset: ClockOffset): Promise<TimeNamespace> {
  if (!hasTimeNamespaces()) {
    throw refusal(offset, "this kernel has no time namespaces", "use Linux 5.6 with CONFIG_TIME_NS");
  }
  const impossible = whyOffsetsImpossible(offset);
  if (impossible !== undefined) throw refusal(offset, impossible, "ask for an offset within these limits");
  const namespace = await openTimeNamespace(offset).catch((error: unknown) => {
    throw refusal(offset, messageOf(error), hintFor(error), error);
  });
  const reason = whyTimeNamespaceRefuses(namespace.path);
  if (reason === undefined) return namespace;
  namespace.close();
  throw refusal(offset, reason, "install util-linux 2.36 or newer, whose nsenter(1) knows --time");
}

/** A process that runs keeps the clocks it has. */
export function refuseShiftedProcess(offset: ClockOffset, pid: number): NmzError {
  return refusal(
    offset,
    `process ${pid} runs already, and a process enters a time namespace only when it is started`,
    "start the command with --clock-offset instead: nmz inspectors proc --clock-offset 3h -- COMMAND",
  );
}

function hintFor(error: unknown): string {
  const code = error instanceof SyscallError ? error.code : (error as NodeJS.ErrnoException).code;
  return code === "EPERM"
    ? "run with sudo; in a container add --cap-add SYS_ADMIN --cap-add SYS_TIME"
    : "`nmz doctor` has a row for it";
}

function refusal(offset: ClockOffset, reason: string, hint: string, cause?: unknown): NmzError {
  return new NmzError("NMZ_CLOCK_OFFSET", `clock offset ${formatClockOffset(offset)}: ${reason}`, {
    exitCode: 1,
    hint,
    ...(cause === undefined ? {} : { cause }),
  });
}
