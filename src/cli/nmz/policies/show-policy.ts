import { defineCommand } from "../../command/index.js";
import { paletteFor } from "../../palette.js";
import { describePolicy, policyAsJson } from "./describe-policy.js";
import { type FormatDraft, formatSection } from "./format-flag.js";

export const showPolicy = defineCommand<FormatDraft>({
  name: "show",
  summary: "Show one policy: a built-in one by its name, your own by its file",
  usage: "[OPTIONS] NAME|FILE",
  examples: ["nmz policies show random", "nmz policies show ./mypolicy.ts"],
  sections: [formatSection],
  completes: "file",
  isInterspersed: true,
  minArgs: 1,
  maxArgs: 1,
  newDraft: () => ({ format: "text" }),
  run: async ({ draft, args: [name = ""], context: { stdout, env, cwd } }) => {
    const [{ findPolicy, policies }, { isPolicyPath, loadPolicy }] = await Promise.all([
      import("../../../policy/index.js"),
      import("../../../user-policy/index.js"),
    ]);
    const entry = isPolicyPath(name) ? await loadPolicy(name, cwd) : findPolicy(name, policies);
    if (draft.format === "json") stdout.write(`${JSON.stringify(policyAsJson(entry), undefined, 2)}\n`);
    else stdout.write(describePolicy(entry, paletteFor(stdout, env).bold));
    return 0;
  },
});
