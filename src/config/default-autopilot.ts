import { buildLoadedAutopilot } from "./build-autopilot.js";
import type { LoadedAutopilot, PolicyTables } from "./loaded-autopilot.js";

/**
 * What `nmzc run` does when no file is given: everything is shaken, gently enough that most programs still finish in
 * their time. Namazu's own defaults would delay nothing and leave the network alone.
 */
const preset = {
  explorePolicy: "random",
  explorePolicyParam: { minInterval: "0ms", maxInterval: "20ms", procPolicy: "mild" },
  container: { enableEthernetInspector: true, enableProcInspector: true, enableFSInspector: true },
};

export function defaultAutopilot(policies?: PolicyTables): LoadedAutopilot {
  return buildLoadedAutopilot(preset, "preset", () => ({ kind: "preset" }), policies).loaded;
}
