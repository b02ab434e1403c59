import { resolve } from "node:path";
import { defineCommand } from "../../command/index.js";
import { goFlags, switchFlag } from "../../flags/index.js";

interface InitDraft {
  force: boolean;
}

export const init = defineCommand<InitDraft>({
  name: "init",
  summary: "Make a storage for experiments, of a config and a folder of scripts",
  usage: "[OPTIONS] CONFIG MATERIALS STORAGE",
  notes: [
    "CONFIG is TOML (or YAML, or JSON) and names the scripts: init, run, validate, clean. MATERIALS is the folder they are in; it is placed in the storage as hard links, or as copies on another file system. The config's init script is run once, now.",
    "STORAGE is new or empty. The exit code is 1 for any failure.",
  ],
  examples: ["nmz init config.toml materials /tmp/x", "nmz init --force config.toml materials /tmp/x"],
  sections: [
    {
      title: "Options",
      flags: goFlags<InitDraft>([
        switchFlag({
          name: "force",
          help: "Empty STORAGE first, with all its runs; what `nmz init` did not make is never emptied",
          apply: (value, draft) => {
            draft.force = value;
          },
        }),
      ]),
    },
  ],
  completes: "file",
  isInterspersed: false,
  minArgs: 3,
  maxArgs: 3,
  newDraft: () => ({ force: false }),
  run: async ({ draft: { force }, args: [config = "", materials = "", storage = ""], context }) => {
    const { initExperiment } = await import("../../../experiment/index.js");
    const { cwd, env } = context;
    const [configFile, folder, target] = [config, materials, storage].map((path) => resolve(cwd, path));
    return initExperiment(
      { config: configFile!, materials: folder!, storage: target!, force, env, cwd },
      context,
    );
  },
});
