import { type FlagSection, valueFlag } from "../../flags/index.js";

export interface FormatDraft {
  format: "text" | "json";
}

export const formatSection: FlagSection<FormatDraft> = {
  title: "Options",
  flags: [
    valueFlag({
      name: "format",
      placeholder: "text|json",
      help: 'For people, or JSON (default "text")',
      completes: ["text", "json"],
      apply: (value, draft) => {
        if (value !== "text" && value !== "json") throw new Error("must be text or json");
        draft.format = value;
      },
    }),
  ],
};
