import type { PresetName } from "../../../config/presets.js";
import type { InspectorRequest } from "../../../standalone/run-inspector.js";
import type { CliContext } from "../../cli-context.js";
import { type FlagSection, goFlags, pathInto, valueFlag, wordInto } from "../../flags/index.js";
import { chosenAutopilot, presetFlag } from "../../preset-flag.js";

/** What the flags that all inspectors share are read into. */
export interface WireDraft {
  orchestratorUrl: string;
  entity: string;
  token: string | undefined;
  autopilotFile: string | undefined;
  preset: PresetName | undefined;
  seed: string | undefined;
  outDir: string | undefined;
  readonly cwd: string;
}

/** `entity` is the name that the inspector has in Namazu unless it is given another. */
export function newWireDraft({ cwd, env }: CliContext, entity: string): WireDraft {
  return {
    orchestratorUrl: "local://",
    entity,
    token: env["NMZ_TOKEN"] || undefined,
    autopilotFile: undefined,
    preset: undefined,
    seed: undefined,
    outDir: undefined,
    cwd,
  };
}

export function inspectorRequest(draft: WireDraft): InspectorRequest {
  const { orchestratorUrl, entity, token, seed, outDir } = draft;
  const autopilotFile = chosenAutopilot(draft);
  return { wire: { orchestratorUrl, token, autopilotFile, seed, outDir }, entity };
}

/** Namazu's common flags, then ours. */
export const wireFlags: FlagSection<WireDraft> = {
  title: "Orchestrator",
  flags: goFlags([
    valueFlag({
      name: "orchestrator-url",
      placeholder: "URL",
      help: 'Who decides: "http://HOST:PORT/api/v3", or an orchestrator in this process (default "local://")',
      apply: (value, draft) => {
        draft.orchestratorUrl = value;
      },
    }),
    valueFlag({
      name: "entity-id",
      placeholder: "NAME",
      help: "The entity that its events carry",
      apply: wordInto("entity"),
    }),
    valueFlag({
      name: "autopilot",
      placeholder: "FILE",
      help: "Configuration in TOML, YAML or JSON, with local:// only; see 'nmz config show'",
      completes: "file",
      apply: pathInto("autopilotFile"),
    }),
    presetFlag(),
    valueFlag({
      name: "token",
      placeholder: "TOKEN",
      help: "For an orchestrator that asks for one; better given in NMZ_TOKEN, where ps does not show it",
      apply: wordInto("token"),
    }),
    valueFlag({
      name: "seed",
      placeholder: "SEED",
      help: "Repeat what local:// decided: any word; each run prints its own",
      apply: wordInto("seed"),
    }),
    valueFlag({
      name: "nmz-out",
      placeholder: "FOLDER",
      help: "Keep trace, seed and report of local:// in this folder",
      completes: "folder",
      isWritten: true,
      apply: pathInto("outDir"),
    }),
  ]),
};

/** For the help of each inspector. */
export const wireNotes: readonly string[] = [
  "Flags may be written with one dash or two, as in Namazu. An inspector ends at SIGINT, SIGTERM or SIGHUP, and undoes what it did. " +
    "While an orchestrator elsewhere is away everything goes on unshaken, and it is looked for again.",
];
