/**
 * `nmz policies`: what decides on events. Lists and shows the policies that a config may name, the user's own by its
 * path, writes one to start from, and runs its test. Only the files that it is told to write are touched.
 */
import type { CommandGroup } from "../../command/index.js";
import { listPolicies } from "./list-policies.js";
import { newPolicy } from "./new-policy.js";
import { showPolicy } from "./show-policy.js";
import { testPolicy } from "./test-policy.js";

export const policies: CommandGroup = {
  kind: "group",
  name: "policies",
  summary: "List the policies, show one, or start one of your own",
  notes: ["Without a command, `nmz policies` is `nmz policies ls`."],
  commands: [listPolicies, showPolicy, newPolicy, testPolicy],
  byDefault: listPolicies,
};
