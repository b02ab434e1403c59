import { cpus, release, totalmem } from "node:os";
import type { CampaignEnvironment } from "../../campaign/index.js";
import { versionLine } from "../command/index.js";

/** This machine, and this nmzc. */
export function environmentHere(
  container: Pick<CampaignEnvironment, "engine" | "image" | "imageDigest"> | undefined,
): CampaignEnvironment {
  return {
    nmzc: versionLine("nmzc").trim().split(" ")[1]!,
    node: process.version,
    kernel: release(),
    cpus: cpus().length,
    memoryBytes: totalmem(),
    engine: container?.engine,
    image: container?.image,
    imageDigest: container?.imageDigest,
  };
}
