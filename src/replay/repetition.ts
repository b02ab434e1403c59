import { type Autopilot, defaultAutopilot, type LoadedAutopilot } from "../config/index.js";
import { type PolicyEntry, usesRealtime } from "../policy/index.js";
import type { RunFile, StoredRun, TraceEntry } from "../record/index.js";
import { NmzError } from "../util/index.js";
import { type ReplayCounts, type ReplaySettings, replayPolicy } from "./replay-policy.js";

export interface ReplayOptions {
  readonly io: {
    readonly stdin: NodeJS.ReadStream;
    readonly stdout: NodeJS.WriteStream;
    readonly stderr: NodeJS.WriteStream;
  };
  /** stdin goes to the workload; default: it has none. */
  readonly isInteractive?: boolean;
  /** Each replay is recorded below it. */
  readonly outDir?: string | undefined;
  /** What the workload and nmz say is not shown. */
  readonly isQuiet?: boolean;
  /** Aborted: the workload is ended, and `once` throws NMZ_INTERRUPTED. */
  readonly signal: AbortSignal;
}

/** How one repetition went. */
export interface ReplayOutcome extends ReplayCounts {
  readonly exitCode: number;
  /** The last 1 MiB of what the workload wrote, stdout and stderr as they came. */
  readonly output: string;
}

/** Repeats one recorded run; what all repetitions share is done once. */
export interface Replays {
  once(entries: Iterable<TraceEntry>): Promise<ReplayOutcome>;
}

/** For a run of which no workload is known that could be started again. */
export function notRepeatable({ folder, result }: StoredRun): NmzError {
  const what =
    result === undefined
      ? "it was killed before run.json was written, so only its trace is there"
      : `it was ${result.command.join(" ")}, which started neither a container nor a command`;
  return new NmzError("NMZ_RUN_NOT_REPEATABLE", `the run in ${folder} cannot be repeated: ${what}`, {
    hint: `start the workload yourself, with explorePolicy = "replay:${folder}" in its config`,
  });
}

/** Of a workload's output. */
export const maxTailCharacters = 1 << 20;

/** What a record lacks, because the nmz that wrote it did not know it yet, at any depth. */
function withDefaults(defaults: object, given: object): object {
  const merged: Record<string, unknown> = { ...defaults };
  for (const [key, value] of Object.entries(given)) {
    const other = merged[key];
    merged[key] = isTable(other) && isTable(value) ? withDefaults(other, value) : value;
  }
  return merged;
}

function isTable(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A run's own config, as it was then, but for who decides: the record. */
export function recordedConfig(
  { autopilot, runId }: RunFile,
  entries: Iterable<TraceEntry>,
  settings?: ReplaySettings,
): { readonly loaded: LoadedAutopilot; readonly policies: ReadonlyMap<string, PolicyEntry> } {
  const name = `replay:${runId}`;
  const needsRealtime = usesRealtime(autopilot["explorePolicyParam"] as Readonly<Record<string, unknown>>);
  const explorePolicyParam = needsRealtime ? { procPolicy: "extreme" } : {};
  // Fault rules would do their faults once more.
  const defaults = defaultAutopilot();
  const recorded = {
    ...withDefaults(defaults.autopilot, autopilot),
    explorePolicy: name,
    explorePolicyParam,
    faults: [],
  };
  const loaded = { ...defaults, autopilot: recorded as unknown as Autopilot, warnings: [] };
  return { loaded, policies: new Map([[name, replayPolicy(name, () => entries, settings)]]) };
}
