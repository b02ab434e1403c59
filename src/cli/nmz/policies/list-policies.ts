import { defineCommand } from "../../command/index.js";
import { paletteFor } from "../../palette.js";
import { describePolicy, policyAsJson } from "./describe-policy.js";
import { type FormatDraft, formatSection } from "./format-flag.js";

export const listPolicies = defineCommand<FormatDraft>({
  name: "ls",
  summary: "List the built-in policies with their parameters, defaults and meanings",
  usage: "[OPTIONS]",
  notes: ["A config names one as explorePolicy, and gives its parameters in [explorePolicyParam]."],
  sections: [formatSection],
  isInterspersed: true,
  maxArgs: 0,
  newDraft: () => ({ format: "text" }),
  run: async ({ draft, context: { stdout, env } }) => {
    const { policies } = await import("../../../policy/index.js");
    const entries = [...policies.values()];
    const { bold } = paletteFor(stdout, env);
    if (draft.format === "json") stdout.write(`${JSON.stringify(entries.map(policyAsJson), undefined, 2)}\n`);
    else {
      const closing =
        'Your own: explorePolicy = "./mypolicy.ts"; `nmz policies new NAME` writes one to start from.\n';
      stdout.write([...entries.map((entry) => describePolicy(entry, bold)), closing].join("\n"));
    }
    return 0;
  },
});
