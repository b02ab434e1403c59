import { NmzError } from "../util/index.js";
import type { ShakingInspector } from "./ability.js";
import { probeRunAbilities } from "./probe-abilities.js";

/**
 * All that is missing for these inspectors, at once, each with its remedy, before anything is touched. Throws
 * NMZ_ABILITY_MISSING with this hint.
 */
export async function requireAbilities(
  inspectors: ReadonlySet<ShakingInspector>,
  hint = "`nmz doctor` shows the whole table; --nmz-disable leaves inspectors out",
): Promise<void> {
  const missing = (await probeRunAbilities(inspectors)).filter(({ isPresent }) => !isPresent);
  if (missing.length === 0) return;
  const rows = missing.map(
    ({ name, detail, remedy }) => `  ${name}: ${detail}${remedy === undefined ? "" : ` (${remedy})`}`,
  );
  throw new NmzError(
    "NMZ_ABILITY_MISSING",
    ["this machine cannot do what the run needs:", ...rows].join("\n"),
    { hint },
  );
}
