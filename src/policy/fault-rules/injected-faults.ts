import type { FaultRuleReport } from "./fault-rules.js";

/**
 * Faults by kind, as the end of a run counts them: what the inspectors did, with the packets that a partition lost under that
 * name, and with delays that a rule asked for, which no inspector knows from a policy's.
 */
export function injectedFaults(
  done: Readonly<Record<string, number>>,
  rules: readonly FaultRuleReport[],
): Record<string, number> {
  const counts = { ...done };
  for (const { fault, done: times } of rules) {
    if (times === 0) continue;
    if (fault === "delay" || fault === "slow-fsync") counts[fault] = (counts[fault] ?? 0) + times;
    if (fault !== "partition") continue;
    const lost = Math.min(times, counts["drop"] ?? 0);
    if (lost === 0) continue;
    counts["drop"] = (counts["drop"] ?? 0) - lost;
    counts["partition"] = (counts["partition"] ?? 0) + lost;
  }
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/** A line for each rule that did nothing, and why. */
export function idleRules(rules: readonly FaultRuleReport[]): string[] {
  const subjects = { packets: "packet", files: "file operation", processes: "process" } as const;
  return rules.flatMap(({ place, fault, on, about, events, matched, done }) => {
    const rule = `fault rule ${place} (${fault} on ${about})`;
    if (done > 0) return [];
    if (events === 0) return [`${rule} matched nothing: no ${subjects[on]} event came`];
    if (matched === 0)
      return [`${rule} matched nothing: ${events} ${subjects[on]} events came, none of that kind`];
    return [`${rule} did nothing: ${matched} events matched, and none was drawn in its time`];
  });
}
