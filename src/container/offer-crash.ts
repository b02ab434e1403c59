import type { Crashes } from "../signal/index.js";
import type { RunControl, RunControlOptions } from "./control/index.js";

/**
 * Lets a run be commanded from outside, and its power be cut by whoever decides. A crash is the whole container's,
 * whichever of its volumes it is asked of: power has no volumes. Loaded on demand: few runs ask for it (`fs.crash`).
 */
export async function offerCrash(options: RunControlOptions, crashes: Crashes): Promise<RunControl> {
  const { openRunControl } = await import("./control/index.js");
  const control = await openRunControl(options);
  const entities = options.filesystems.map((filesystem) => filesystem.report().entity);
  if (entities.length > 0) crashes.offer({ entities, crash: () => control.crash() });
  return control;
}
