import { type Autopilot, formatClockOffset, shiftsClocks } from "../config/index.js";
import { NmzError } from "../util/index.js";

/**
 * A container's clocks cannot be shifted from outside. Its runtime would have to make the time namespace: runc does from 1.2 on,
 * crun too, but no container engine passes the wish on. Nor can its first process be moved: setns(2) wants it to have one thread
 * and runc's has several, and unshare(2) wants CAP_SYS_ADMIN, which it has given up by then.
 */
export function refuseClockOffset({ proc: { clockOffset } }: Autopilot): void {
  if (!shiftsClocks(clockOffset)) return;
  const seconds = (milliseconds: number) => Math.trunc(milliseconds / 1000);
  const { monotonicMs, boottimeMs } = clockOffset;
  throw new NmzError(
    "NMZ_CLOCK_OFFSET_CONTAINER",
    `proc.clockOffset = "${formatClockOffset(clockOffset)}": no container engine starts a container in a time namespace`,
    {
      hint:
        "leave proc.clockOffset out, and let the container shift its own clocks: nmzc run --cap-add SYS_ADMIN --cap-add SYS_TIME IMAGE " +
        `unshare --time --fork --kill-child --monotonic ${seconds(monotonicMs)} --boottime ${seconds(boottimeMs)} COMMAND ` +
        "(util-linux in the image); without a container: nmz inspectors proc --clock-offset",
    },
  );
}
