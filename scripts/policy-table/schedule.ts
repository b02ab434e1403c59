import { createHash } from "node:crypto";
import type { Failure } from "./failures.js";

/** One run that is to be made. */
export interface PlannedRun {
  readonly failure: string;
  readonly policy: string;
  /** From 0: each pair of failure and policy has one run in each round. */
  readonly round: number;
  /** `--nmz-seed` of the run: the same run has the same in every table. */
  readonly seed: string;
}

/**
 * Every failure under each of its policies, `rounds` times. Within a round the order is drawn from `seed`, so that no
 * policy has the machine's quiet hour for itself; a round is over before the next begins, so that a table that was cut
 * short has as many runs of each.
 */
export function schedule(failures: readonly Failure[], rounds: number, seed: string): PlannedRun[] {
  const runs: PlannedRun[] = [];
  for (let round = 0; round < rounds; round++) {
    const planned = failures.flatMap(({ name, policies }) =>
      policies.map((policy) => ({
        failure: name,
        policy,
        round,
        seed: drawn(`${seed} seed ${name} ${policy} ${round}`),
      })),
    );
    const place = new Map(planned.map((run) => [run, drawn(`${seed} place ${keyOf(run)}`)]));
    runs.push(...planned.sort((a, b) => (place.get(a)! < place.get(b)! ? -1 : 1)));
  }
  return runs;
}

/** The same for a planned run and its result. */
export function keyOf(run: Pick<PlannedRun, "failure" | "policy" | "round">): string {
  return `${run.failure} ${run.policy} ${run.round}`;
}

function drawn(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
