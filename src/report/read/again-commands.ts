import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Arm, CampaignFile, RunLine } from "../../campaign/index.js";

type RunOfLine = Pick<RunLine, "run" | "seed" | "choice" | "folder"> & { readonly arm: Arm };

/** The campaign as it was typed, as far as it is kept. */
export function campaignCommand({
  kind,
  runArguments,
  hasBaseline,
  jobs,
  preset,
  tune,
  seed,
}: CampaignFile): string {
  return commandLine([
    ...(kind === "container" ? ["nmzc", "loop"] : ["nmz", "loop"]),
    ...(hasBaseline ? ["--baseline"] : []),
    ...(jobs > 1 ? ["-j", String(jobs)] : []),
    ...(tune ? ["--tune"] : []),
    ...(preset === undefined ? [] : ["--preset", preset]),
    ...["--seed", seed],
    ...runArguments,
  ]);
}

/** The same seed once more: other timings, the same decisions. Works wherever the workload is. */
export function seedCommand(campaign: CampaignFile, { seed, arm, choice }: RunOfLine): string {
  const preset = arm === "plain" ? undefined : (choice ?? campaign.preset);
  const presetWords = preset === undefined ? [] : ["--preset", preset];
  const { runArguments } = campaign;
  if (campaign.kind === "container") {
    const armWords = arm === "plain" ? ["--nmz-disable", "ethernet,fs,proc"] : [];
    return commandLine(["nmzc", "run", "--nmz-seed", seed, ...presetWords, ...armWords, ...runArguments]);
  }
  const command = runArguments.slice(runArguments.indexOf("--") + 1);
  if (arm === "plain") return commandLine(command);
  const separator = runArguments.includes("--") ? [] : ["--"];
  return commandLine([
    "nmz",
    "inspectors",
    "proc",
    "--seed",
    seed,
    ...presetWords,
    ...separator,
    ...runArguments,
  ]);
}

/** The recorded decisions once more; undefined where there is no record, or nothing in it that can be replayed. */
export function replayCommand(
  campaignFolder: string,
  campaign: CampaignFile,
  { folder, arm }: RunOfLine,
): string | undefined {
  if (folder === undefined || arm === "plain" || campaign.kind !== "container") return undefined;
  const path = join(campaignFolder, folder);
  return existsSync(join(path, "latest", "trace.jsonl")) ? commandLine(["nmzc", "replay", path]) : undefined;
}

function commandLine(words: readonly string[]): string {
  return words.map(shellWord).join(" ");
}

/** One word as a POSIX shell reads it: pasted, it does what it says and nothing else. */
function shellWord(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
