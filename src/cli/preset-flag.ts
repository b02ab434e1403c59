import { type PresetName, presetFile, presetNames } from "../config/presets.js";
import { type Flag, valueFlag } from "./flags/index.js";

/** What says how it is shaken: a file, or the name of one that comes with nmzc. */
export interface AutopilotDraft {
  autopilotFile: string | undefined;
  preset: PresetName | undefined;
}

export function presetFlag<Draft extends AutopilotDraft>(): Flag<Draft> {
  return valueFlag({
    name: "preset",
    placeholder: presetNames.join("|"),
    help: "A configuration that comes with nmzc, instead of a file; docs/presets.md says what each does",
    completes: presetNames,
    apply: (value, draft) => {
      presetFile(value);
      draft.preset = value as PresetName;
    },
  });
}

/** The config's file; undefined where neither was given. Throws an Error when both were. */
export function chosenAutopilot({ autopilotFile, preset }: AutopilotDraft): string | undefined {
  if (preset === undefined) return autopilotFile;
  if (autopilotFile === undefined) return presetFile(preset);
  throw new Error(`--preset ${preset} and the config ${autopilotFile} exclude each other: give one of them`);
}
