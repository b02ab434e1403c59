import { errnoName, schedPolicies, schedPolicyName } from "../../../runtime/kernel/index.js";

/** Counts what the kernel refused, by reason. */
export class Refusals {
  readonly #counts = new Map<string, number>();
  /** Says that real-time policies fail because the container's group has no running time. */
  isRealtimeClosed = false;

  count(reason: string): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  countErrno(policy: number, errno: number): void {
    const code = errnoName(errno);
    const why = this.#why(policy, code);
    this.count(`${schedPolicyName(policy)}: ${code}${why === undefined ? "" : ` (${why})`}`);
  }

  toRecord(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  #why(policy: number, code: string): string | undefined {
    const isRealtime = policy === schedPolicies.RR || policy === schedPolicies.FIFO;
    if (code === "EPERM" && isRealtime && this.isRealtimeClosed) return "real-time group closed";
    if (code === "EPERM" && policy === schedPolicies.DEADLINE)
      return "the thread may not use all CPUs of the machine, or CAP_SYS_NICE is missing";
    if (code === "EPERM") return "CAP_SYS_NICE is missing";
    if (code === "EBUSY") return "no deadline bandwidth left";
    if (code === "EINVAL") return "values out of range, or the policy is not possible in this cgroup";
    return undefined;
  }
}
