import { join } from "node:path";
import { type StoredCampaign, writeWhole } from "../../campaign/index.js";
import { choicesFor, choiceToml, type Shakeable, searchRunsOf, Tuner } from "../../campaign/tune/index.js";
import { makeFolders, NmzError } from "../../util/index.js";
import type { LoopDraft } from "./loop-flags.js";

/** The config of one choice of --tune, in the campaign's folder: --nmz-autopilot takes it in any later run. */
export function choiceFile(campaignFolder: string, choice: string): string {
  return join(campaignFolder, "choices", `${choice}.toml`);
}

/** Who chooses for a campaign that was asked to --tune, with the files of what it chooses from; undefined for others. */
export function openTuner({ file, folder }: StoredCampaign, there: Shakeable): Tuner | undefined {
  if (!file.tune) return undefined;
  const choices = choicesFor(there);
  makeFolders(join(folder, "choices"));
  for (const choice of choices) writeWhole(choiceFile(folder, choice.name), choiceToml(choice));
  return new Tuner(choices, searchRunsOf(file.stop.runs, choices.length));
}

/** Throws NMZ_CLI_FLAG_REFUSED. */
export function checkTune({ tune, stop }: LoopDraft, autopilotFile: string | undefined): void {
  if (!tune) return;
  if (stop.untilInterval !== undefined) {
    throw new NmzError("NMZ_CLI_FLAG_REFUSED", "--tune is not possible with --until-interval", {
      hint: "tune with -n first; then know the rate well under the config that it chose, which lies in the campaign's folder",
    });
  }
  if (autopilotFile === undefined) return;
  throw new NmzError("NMZ_CLI_FLAG_REFUSED", "--tune is not possible with a preset or a config", {
    hint: "leave one of them out: --tune looks for the config that fails most often",
  });
}
