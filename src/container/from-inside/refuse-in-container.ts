import { NmzError } from "../../util/index.js";
import type { RunRequest } from "../run-request.js";
import { hostPaths } from "./host-paths.js";

/** What works on a machine and would be lost with our own container. Throws NmzError. */
export function refuseInContainer({ isDetached, outDir }: RunRequest): void {
  const paths = hostPaths();
  if (!paths.isInContainer) return;
  if (isDetached) {
    throw new NmzError("NMZ_IMAGE_DETACH", "-d: who supervises the run would end with nmzc's own container", {
      hint: "detach that instead: docker run -d … nmzc run …",
    });
  }
  if (outDir !== undefined) paths.toHost(outDir);
}
