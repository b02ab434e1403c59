import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Arm, CampaignFile, RunLine, StoredCampaign } from "../../campaign/index.js";
import { shellWord } from "../../util/index.js";

type RunOfLine = Pick<RunLine, "seed" | "choice" | "folder"> & { readonly arm: Arm };

/** The campaign as it was typed, as far as it is kept. */
export function campaignCommand(file: CampaignFile): string {
  const { kind, runArguments, hasBaseline, jobs, tune, seed, timeoutMs, results, stop, copyVolumes } = file;
  return commandLine([
    ...(kind === "container" ? ["nmzc", "loop"] : ["nmz", "loop"]),
    ...(stop.runs === undefined ? [] : ["-n", String(stop.runs)]),
    ...(stop.untilFailure ? ["--until-failure"] : []),
    ...(stop.forMs === undefined ? [] : ["--for", `${stop.forMs / 1000}s`]),
    ...(stop.untilInterval === undefined
      ? []
      : ["--until-interval", `${Number((stop.untilInterval * 100).toPrecision(12))}%`]),
    ...(hasBaseline ? ["--baseline"] : []),
    ...(jobs > 1 ? ["-j", String(jobs)] : []),
    ...(timeoutMs === undefined ? [] : ["--timeout", `${timeoutMs / 1000}s`]),
    ...results.flatMap((glob) => ["--results", glob]),
    ...(tune ? ["--tune"] : []),
    ...(copyVolumes ? ["--copy-volumes"] : []),
    ...["--seed", seed, ...withoutValues(runArguments)],
  ]);
}

/**
 * The same seed once more: other timings, the same decisions. Works wherever the workload is. Undefined: the run was
 * shaken in a way that --tune chose, whose config is not kept.
 */
export function seedCommand(
  { folder, file }: StoredCampaign,
  { seed, arm, choice }: RunOfLine,
): string | undefined {
  const { kind } = file;
  const runArguments = withoutValues(file.runArguments);
  if (kind === "command" && arm === "plain")
    return commandLine(runArguments.slice(runArguments.indexOf("--") + 1));
  const run =
    kind === "container"
      ? ["nmzc", "run", "--rm", "--nmz-seed", seed]
      : ["nmz", "inspectors", "proc", "--seed", seed];
  if (arm === "plain")
    return commandLine([...run, "--nmz-disable", "ethernet,fs,proc", ...withoutAgent(runArguments)]);
  if (choice === undefined) return commandLine([...run, ...runArguments]);
  const config = join(folder, "choices", `${choice}.toml`);
  if (!existsSync(config)) return undefined;
  const flag = kind === "container" ? "--nmz-autopilot" : "--autopilot";
  return commandLine([...run, flag, config, ...runArguments]);
}

/** The recorded decisions once more; undefined where there is no record, or nothing in it that can be replayed. */
export function replayCommand(
  { folder: campaignFolder, file }: StoredCampaign,
  { folder, arm }: RunOfLine,
): string | undefined {
  if (folder === undefined || arm === "plain") return undefined;
  const path = join(campaignFolder, folder);
  if (!existsSync(join(path, "latest", "trace.jsonl"))) return undefined;
  return commandLine([file.kind === "container" ? "nmzc" : "nmz", "replay", path]);
}

/** A plain run has no agent in its JVMs either. */
function withoutAgent(runArguments: readonly string[]): readonly string[] {
  const flags = flagsOf(runArguments);
  return runArguments.filter((word, index) => index >= flags || !/^--nmz-java(=|$)/.test(word));
}

/**
 * A report is pasted into bug trackers, and passwords are given as `--env=NAME=VALUE`: `--env=NAME` takes the value from the
 * environment of whoever runs it. Of flags only, as the loop keeps them: behind the first other word the workload's own begin.
 */
function withoutValues(runArguments: readonly string[]): readonly string[] {
  const flags = flagsOf(runArguments);
  return runArguments.map((word, index) =>
    index < flags ? word.replace(/^(--env=[^=]*)=.*$/s, "$1") : word,
  );
}

/** How many of the words are flags: behind them come the image, or the command. */
function flagsOf(runArguments: readonly string[]): number {
  const image = runArguments.findIndex((word) => !word.startsWith("--") || word === "--");
  return image < 0 ? runArguments.length : image;
}

function commandLine(words: readonly string[]): string {
  return words.map(shellWord).join(" ");
}
