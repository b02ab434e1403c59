import {
  errnoName,
  ordinaryAttributes,
  resetOnFork,
  type SchedulingAttributes,
  schedPolicies,
  schedPolicyName,
  tryLeaveDeadline,
  trySetSchedAttributes,
} from "../../runtime/kernel/index.js";
import { messageOf } from "../util/index.js";
import { type Ability, absent, present } from "./ability.js";
import { withIdleChildren } from "./idle-child.js";

const tried: readonly (readonly [SchedulingAttributes, string])[] = [
  [{ ...ordinaryAttributes, nice: -5 }, "proc inspector, policy mild"],
  [
    { ...ordinaryAttributes, policy: schedPolicies.BATCH, nice: -5 },
    "proc inspector, policies mild and extreme",
  ],
  [{ ...ordinaryAttributes, policy: schedPolicies.IDLE }, "policies of your own"],
  [{ ...ordinaryAttributes, policy: schedPolicies.FIFO, priority: 1 }, "policies of your own"],
  [{ ...ordinaryAttributes, policy: schedPolicies.RR, priority: 1 }, "proc inspector, policy extreme"],
  [
    {
      ...ordinaryAttributes,
      policy: schedPolicies.DEADLINE,
      flags: resetOnFork,
      runtimeNs: 10_000,
      deadlineNs: 1_000_000,
      periodNs: 1_000_000,
    },
    "proc inspector, policy dirichlet",
  ],
];

/** Each scheduling class, actually tried on a child of ours. */
export async function schedulingAbilities(): Promise<Ability[]> {
  try {
    return await withIdleChildren(1, ([pid]) =>
      tried.map(([attributes, use]) => tryOn(pid!, attributes, use)),
    );
  } catch (error) {
    return [absent("scheduling classes", messageOf(error), 'install "sleep" (coreutils)', "proc inspector")];
  }
}

function tryOn(pid: number, attributes: SchedulingAttributes, use: string): Ability {
  const name = schedPolicyName(attributes.policy);
  const errno = trySetSchedAttributes(pid, attributes);
  if (attributes.policy === schedPolicies.DEADLINE) tryLeaveDeadline(pid, ordinaryAttributes);
  if (errno === 0) return present(name, "tried", use);
  return absent(name, errnoName(errno), remedyFor(attributes.policy, errnoName(errno)), use);
}

function remedyFor(policy: number, code: string): string {
  if (code === "EBUSY") return 'end other deadline threads, or see the row "deadline bandwidth"';
  if (code === "EPERM" && process.geteuid?.() !== 0) return "run with sudo";
  if (code === "EPERM" && policy === schedPolicies.DEADLINE)
    return "run nmzc where it may use all CPUs (no cpuset, no taskset)";
  if (code === "EPERM") return "run nmzc outside of a cgroup whose cpu.rt_runtime_us is 0";
  return "use a kernel that has this class";
}
