/** The version of campaign.json and of each line of runs.jsonl. */
export const campaignVersion = 1;

/** What a campaign repeats: a container (`nmzc loop`), or a command without one (`nmz loop`). */
export type CampaignKind = "container" | "command";

/** Runs whose folders stay. failed: all but those that passed; some: a few of those as well. */
export type KeepRule = "failed" | "some" | "all";

/** When a campaign stops by itself, whichever comes first; undefined: not for this reason. */
export interface StopRule {
  /** Runs of the fuzzed arm. */
  readonly runs: number | undefined;
  readonly untilFailure: boolean;
  readonly forMs: number | undefined;
  /** The half width of the rate's 95 % interval, 0.02 for "2%". */
  readonly untilInterval: number | undefined;
}

/** The machine and the programs, as a report tells them. */
export interface CampaignEnvironment {
  readonly nmzc: string;
  readonly node: string;
  readonly kernel: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** "docker 20.10.24"; undefined without a container. */
  readonly engine: string | undefined;
  readonly image: string | undefined;
  /** "sha256:…", the image's ID. */
  readonly imageDigest: string | undefined;
}

/** campaign.json: what was asked for. Written once, before the first run. */
export interface CampaignFile {
  readonly nmzCampaign: number;
  readonly id: string;
  readonly kind: CampaignKind;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Everything behind `loop`'s own flags, as it was typed: run flags, image, command. What `--resume` repeats. */
  readonly runArguments: readonly string[];
  /** What relative paths in them are relative to. */
  readonly cwd: string;
  /** The name under which seeds are kept and other campaigns of the same test are found. */
  readonly test: string;
  /** The seeds of the runs are derived from it. */
  readonly seed: string;
  readonly stop: StopRule;
  readonly jobs: number;
  readonly timeoutMs: number | undefined;
  /** Plain runs are made too, in between. */
  readonly hasBaseline: boolean;
  readonly preset: string | undefined;
  readonly tune: boolean;
  /** Globs of --results. */
  readonly results: readonly string[];
  /** Each run gets a copy of each folder that it may write to. */
  readonly copyVolumes: boolean;
  readonly keep: KeepRule;
  /** As --fail-on was given; undefined: it was not, and any failure counts. */
  readonly failOn?: string | undefined;
  /** As --known was given: paths that are absolute. */
  readonly known?: readonly string[] | undefined;
  /** The effective config of the fuzzed runs; with --tune that of the first. */
  readonly autopilot: Readonly<Record<string, unknown>>;
  readonly environment: CampaignEnvironment;
}
