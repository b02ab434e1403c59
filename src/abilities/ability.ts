/** The inspectors that ask something of the machine. */
export type ShakingInspector = "ethernet" | "fs" | "proc";

/** One row of the table. */
export interface Ability {
  /** "SCHED_RR", "NFQUEUE, IPv4" */
  readonly name: string;
  readonly isPresent: boolean;
  /** What was found, or why it is missing. */
  readonly detail: string;
  /** What to do about it; undefined when nothing has to be done. */
  readonly remedy: string | undefined;
  /** "ethernet inspector", "proc inspector, policy dirichlet" */
  readonly neededFor: string;
  /** `nmzc run` with its defaults (or with the inspectors that were asked for) cannot do without it. */
  readonly isNeeded: boolean;
}

/** An ability that is there. */
export function present(name: string, detail: string, neededFor: string, isNeeded = false): Ability {
  return { name, isPresent: true, detail, remedy: undefined, neededFor, isNeeded };
}

/** An ability that is not there. */
export function absent(
  name: string,
  detail: string,
  remedy: string | undefined,
  neededFor: string,
  isNeeded = false,
): Ability {
  return { name, isPresent: false, detail, remedy, neededFor, isNeeded };
}
