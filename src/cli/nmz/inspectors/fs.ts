import { resolve } from "node:path";
import { NmzError } from "../../../util/index.js";
import { defineCommand } from "../../command/index.js";
import { type FlagSection, goFlags, switchFlag, valueFlag, word } from "../../flags/index.js";
import { inspectorRequest, newWireDraft, type WireDraft, wireFlags, wireNotes } from "./wire-flags.js";

const drivers = ["kernel", "fuse-native"] as const;

interface FsDraft extends WireDraft {
  originalDir: string | undefined;
  mountPoint: string | undefined;
  driver: (typeof drivers)[number] | undefined;
  canCrash: boolean | undefined;
}

const fsFlags: FlagSection<FsDraft> = {
  title: "Files",
  flags: goFlags([
    valueFlag({
      name: "original-dir",
      placeholder: "FOLDER",
      help: "The real folder",
      completes: "folder",
      apply: (value, draft) => {
        draft.originalDir = resolve(draft.cwd, word(value));
      },
    }),
    valueFlag({
      name: "mount-point",
      placeholder: "FOLDER",
      help: "An empty folder, where it is seen and shaken",
      completes: "folder",
      apply: (value, draft) => {
        draft.mountPoint = resolve(draft.cwd, word(value));
      },
    }),
    valueFlag({
      name: "driver",
      placeholder: "kernel|fuse-native",
      help: "What speaks FUSE, instead of the config's fs.driver",
      completes: drivers,
      apply: (value, draft) => {
        const driver = drivers.find((each) => each === value);
        if (driver === undefined) throw new Error(`must be one of ${drivers.join(", ")}`);
        draft.driver = driver;
      },
    }),
    switchFlag({
      name: "crash",
      help: "Remember what was not synced, so that a policy, or POST /api/v3/control?op=crashFs, can take it back; costs a copy of what is overwritten (default the config's fs.crash)",
      apply: (on, draft) => {
        draft.canCrash = on;
      },
    }),
  ]),
};

export const fs = defineCommand<FsDraft>({
  name: "fs",
  summary: "Shake file operations: show a folder at a mount point, and hold or fail what is done there",
  usage: "[OPTIONS] --original-dir FOLDER --mount-point FOLDER",
  notes: [
    "What is done below the mount point is done in the real folder, by the same user. The mount is taken away when the inspector ends; when somebody still uses it then, it is detached and they are cut off.",
    ...wireNotes,
  ],
  examples: ["nmz inspectors fs -original-dir /srv/data -mount-point /mnt/shaken"],
  sections: [fsFlags, wireFlags],
  isInterspersed: true,
  maxArgs: 0,
  newDraft: (context) => ({
    ...newWireDraft(context, "_namazu_fs_inspector"),
    originalDir: undefined,
    mountPoint: undefined,
    driver: undefined,
    canCrash: undefined,
  }),
  run: ({ draft, path, context }) => {
    const { originalDir, mountPoint, driver, canCrash } = draft;
    if (originalDir === undefined || mountPoint === undefined) {
      const missing = originalDir === undefined ? "--original-dir" : "--mount-point";
      throw new NmzError("NMZ_CLI_ARGUMENTS", `'${path}' needs ${missing}`, {
        exitCode: 1,
        hint: `see '${path} --help'`,
      });
    }
    return context.services.inspectFs(
      { ...inspectorRequest(draft), originalDir, mountPoint, driver, canCrash },
      context,
    );
  },
});
