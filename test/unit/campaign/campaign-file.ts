import type { CampaignFile } from "../../../src/campaign/index.js";

/** What a campaign of `image cmd` was asked for; ten runs unless told otherwise. */
export function campaignFile(given: Partial<CampaignFile> = {}): CampaignFile {
  return {
    ...{ nmzCampaign: 1, id: "c0ffee", kind: "container", startedAt: "2026-01-01T00:00:00.000Z" },
    ...{ runArguments: ["image", "cmd"], cwd: "/", test: "image cmd", seed: "5eed", jobs: 1 },
    stop: { runs: 10, untilFailure: false, forMs: undefined, untilInterval: undefined },
    ...{
      timeoutMs: undefined,
      hasBaseline: false,
      preset: undefined,
      tune: false,
      results: [],
      autopilot: {},
    },
    environment: {
      ...{ nmzc: "0", node: "20", kernel: "6", cpus: 2, memoryBytes: 1, engine: undefined },
      ...{ image: undefined, imageDigest: undefined },
    },
    ...given,
  } as CampaignFile;
}
