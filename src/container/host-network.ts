import type { Engine } from "../../runtime/engine/index.js";
import { NmzError } from "../util/index.js";

/** Network modes that cannot be shaken, with the reason. A container may share the network of one that shares another's. */
export async function refuseHostNetwork(
  engine: Pick<Engine, "inspectContainer">,
  networkMode: string | undefined,
): Promise<void> {
  const seen = new Set<string>();
  let mode = networkMode ?? "default";
  while (mode.startsWith("container:") && !seen.has(mode)) {
    seen.add(mode);
    mode = (await engine.inspectContainer(mode.slice("container:".length))).networkMode;
  }
  if (mode !== "host") return;
  const where = seen.size === 0 ? "" : " (that container is in the host's)";
  throw hostNetworkError(`--network ${networkMode}${where}`);
}

export function hostNetworkError(what: string): NmzError {
  return new NmzError(
    "NMZ_NETWORK_HOST",
    `${what} would shake the packets of the whole host, not of the workload`,
    { hint: "use the default network, a network of your own, or --nmz-disable ethernet" },
  );
}
