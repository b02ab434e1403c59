import { defineCommand } from "../command/index.js";

export const prune = defineCommand<object>({
  name: "prune",
  summary: "Clean up what a killed nmzc or nmz left: mounts, containers, rules, cgroup values, folders",
  usage: "",
  notes: [
    "Every run does the same when it begins; what belongs to a run that is alive is left alone. An engine is asked only when a run of a container was killed.",
  ],
  sections: [],
  isInterspersed: true,
  entersHost: "if-there",
  maxArgs: 0,
  newDraft: () => ({}),
  run: ({ context }) => context.services.prune(context),
});
