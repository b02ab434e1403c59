import { cpus } from "node:os";
import {
  admittedDeadlineCpus,
  effectiveCapabilities,
  ordinaryAttributes,
  resetOnFork,
  schedPolicies,
  tryLeaveDeadline,
  trySetSchedAttributes,
} from "../../runtime/kernel/index.js";
import { messageOf } from "../util/index.js";
import { type Ability, absent, present } from "./ability.js";
import { withIdleChildren } from "./idle-child.js";

const name = "deadline bandwidth";
const neededFor = "proc inspector, policy dirichlet";
const periodNs = 100_000_000;
const isEnough = 0.95;

/** Verified on Linux 6.18: it makes the kernel count again. Never done without being asked. */
const recovery =
  "end other deadline threads; what ended programs have leaked comes back with " +
  "echo 0 > /sys/fs/cgroup/cpuset/cpuset.sched_load_balance; echo 1 > /sys/fs/cgroup/cpuset/cpuset.sched_load_balance " +
  "(cgroup v1; otherwise reboot)";

/**
 * How much deadline bandwidth can be had now, found by asking for it: programs that leave SCHED_DEADLINE on a sleeping
 * thread leak theirs until the machine is restarted.
 */
export async function deadlineAbility(): Promise<Ability> {
  if (!effectiveCapabilities().has("SYS_NICE")) {
    return absent(name, "cannot be tried without CAP_SYS_NICE", "run with sudo", neededFor);
  }
  const whole = admittedDeadlineCpus();
  const shareOfOne = (whole / cpus().length) * 0.99; // the kernel rounds
  try {
    const had = await withIdleChildren(cpus().length, (pids) => {
      const sum = pids.reduce((total, pid) => total + largestShare(pid, shareOfOne), 0);
      for (const pid of pids) tryLeaveDeadline(pid, ordinaryAttributes);
      return sum;
    });
    const detail = `${had.toFixed(2)} of ${whole.toFixed(2)} CPUs can be had`;
    return had >= whole * isEnough
      ? present(name, detail, neededFor)
      : absent(name, detail, recovery, neededFor);
  } catch (error) {
    return absent(name, messageOf(error), recovery, neededFor);
  }
}

/** In CPUs, to half a percent of one. */
function largestShare(pid: number, wish: number): number {
  let granted = 0;
  for (let step = wish; step > 0.005; step /= 2) {
    if (granted + step <= wish && isAdmitted(pid, granted + step)) granted += step;
  }
  return granted;
}

function isAdmitted(pid: number, share: number): boolean {
  const attributes = {
    ...ordinaryAttributes,
    policy: schedPolicies.DEADLINE,
    flags: resetOnFork,
    runtimeNs: Math.floor(share * periodNs),
    deadlineNs: periodNs,
    periodNs,
  };
  return trySetSchedAttributes(pid, attributes) === 0;
}
