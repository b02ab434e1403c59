import { resolve } from "node:path";
import { defineCommand } from "../command/index.js";
import { type AutopilotDraft, chosenAutopilot, presetFlag } from "../preset-flag.js";

export const configShow = defineCommand<AutopilotDraft>({
  name: "show",
  summary: "Print the configuration that a file makes, and where each value comes from",
  usage: "[FILE]",
  notes: [
    "Without FILE, what nmzc run uses when no file is given. What is printed is TOML and can be used as a file.",
  ],
  examples: ["nmz config show", "nmz config show shake.toml", "nmz config show --preset disk"],
  sections: [{ title: "Options", flags: [presetFlag()] }],
  completes: "file",
  isInterspersed: true,
  maxArgs: 1,
  newDraft: () => ({ autopilotFile: undefined, preset: undefined }),
  run: async ({ args: [file], draft, context }) => {
    if (file !== undefined) draft.autopilotFile = resolve(context.cwd, file);
    const chosen = chosenAutopilot(draft);
    // Loaded when it is needed: three parsers would slow down every other command.
    const [{ renderEffectiveConfig }, { loadAutopilotWithPolicy }] = await Promise.all([
      import("../../config/index.js"),
      import("../../user-policy/index.js"),
    ]);
    const { loaded } = await loadAutopilotWithPolicy(chosen);
    context.stdout.write(renderEffectiveConfig(loaded));
    for (const warning of loaded.warnings) context.stderr.write(`warning: ${warning}\n`);
    return 0;
  },
});
