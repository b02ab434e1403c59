import { resolve } from "node:path";
import { defineCommand } from "../command/index.js";

export const configShow = defineCommand<object>({
  name: "show",
  summary: "Print the configuration that a file makes, and where each value comes from",
  usage: "[FILE]",
  notes: [
    "Without FILE, what nmzc run uses when no file is given. What is printed is TOML and can be used as a file.",
  ],
  examples: ["nmz config show", "nmz config show shake.toml"],
  sections: [],
  completes: "file",
  isInterspersed: true,
  maxArgs: 1,
  newDraft: () => ({}),
  run: async ({ args: [file], context }) => {
    // Loaded when it is needed: three parsers would slow down every other command.
    const [{ renderEffectiveConfig }, { loadAutopilotWithPolicy }] = await Promise.all([
      import("../../config/index.js"),
      import("../../user-policy/index.js"),
    ]);
    const { loaded } = await loadAutopilotWithPolicy(
      file === undefined ? undefined : resolve(context.cwd, file),
    );
    context.stdout.write(renderEffectiveConfig(loaded));
    for (const warning of loaded.warnings) context.stderr.write(`warning: ${warning}\n`);
    return 0;
  },
});
