import { NmzError } from "../util/index.js";
import { probeRunAbilities } from "./abilities/index.js";
import type { RunPlan } from "./run-plan.js";

/** All that is missing for this run, at once, each with its remedy, before anything is touched. */
export async function requireAbilities(plan: RunPlan): Promise<void> {
  const missing = (await probeRunAbilities(plan.inspectors)).filter(({ isPresent }) => !isPresent);
  if (missing.length === 0) return;
  const rows = missing.map(
    ({ name, detail, remedy }) => `  ${name}: ${detail}${remedy === undefined ? "" : ` (${remedy})`}`,
  );
  throw new NmzError(
    "NMZ_ABILITY_MISSING",
    ["this machine cannot do what the run needs:", ...rows].join("\n"),
    {
      hint: "`nmz doctor` shows the whole table; --nmz-disable leaves inspectors out",
    },
  );
}
