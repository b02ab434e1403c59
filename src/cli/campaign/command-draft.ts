import { resolve } from "node:path";
import { type FlagSection, valueFlag, word } from "../flags/index.js";
import { type AutopilotDraft, presetFlag } from "../preset-flag.js";
import type { LoopDraft } from "./loop-flags.js";
import { type TypedFlag, typedSections } from "./run-words.js";

interface ShakingDraft extends AutopilotDraft {
  readonly cwd: string;
}

export interface CommandLoopDraft extends LoopDraft {
  readonly shaking: ShakingDraft;
  readonly typed: TypedFlag[];
}

/** As `nmz inspectors proc` has them; the names are the same, and are passed on. */
const shakingFlags: FlagSection<ShakingDraft> = {
  title: "Shaking",
  flags: [
    valueFlag({
      name: "autopilot",
      placeholder: "FILE",
      help: "Configuration in TOML, YAML or JSON; see 'nmz config show'",
      completes: "file",
      apply: (value, draft) => {
        draft.autopilotFile = resolve(draft.cwd, word(value));
      },
    }),
    presetFlag(),
    valueFlag({
      name: "watch-interval",
      placeholder: "DURATION",
      help: "How often all threads are redrawn (default 1s, or the config's)",
      apply: (value) => void word(value),
    }),
  ],
};

export const shakingSections = typedSections<ShakingDraft, Pick<CommandLoopDraft, "shaking" | "typed">>(
  [shakingFlags],
  ({ shaking }) => shaking,
);
