import { existsSync } from "node:fs";
import { NmzError } from "../../util/index.js";
import type { RunRequest } from "../run-request.js";
import { hostPaths } from "./host-paths.js";

type Refusable = Pick<RunRequest, "isDetached" | "forwardSignals" | "outDir" | "cidFile" | "autopilotFile">;

/** What works on a machine and would be lost with our own container. Throws NmzError. */
export function refuseInContainer(request: Refusable): void {
  const paths = hostPaths();
  if (!paths.isInContainer) return;
  if (request.isDetached) {
    throw new NmzError("NMZ_IMAGE_DETACH", "-d: who supervises the run would end with nmzc's own container", {
      hint: "detach that instead: docker run -d … nmzc run …",
    });
  }
  if (!request.forwardSignals) {
    throw new NmzError(
      "NMZ_IMAGE_SIG_PROXY",
      "--sig-proxy=false: a signal that ends nmzc ends its own container, and with it who supervises the run",
      { hint: "give it to that container's command instead: docker run --sig-proxy=false … nmzc run …" },
    );
  }
  for (const written of [request.outDir, request.cidFile]) {
    if (written !== undefined) paths.toHost(written);
  }
  // What the image brings is here; what was written into the container that the user started is not in its sibling.
  const { autopilotFile } = request;
  if (autopilotFile !== undefined && !existsSync(autopilotFile)) paths.toHost(autopilotFile);
}
