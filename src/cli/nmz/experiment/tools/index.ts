/** `nmz tools`: Namazu's tools on a storage of experiments, under its names and in its words, and two of ours. */
import type { CommandGroup } from "../../../command/index.js";
import { toolsSummary } from "./summary.js";

export const tools: CommandGroup = {
  kind: "group",
  name: "tools",
  summary: "Look into storages of experiments",
  commands: [toolsSummary],
};
