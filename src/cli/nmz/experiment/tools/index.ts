/** `nmz tools`: Namazu's tools on a storage of experiments, under its names and in its words, and what came with ours. */
import type { CommandGroup } from "../../../command/index.js";
import { toolsAnalyze } from "./analyze.js";
import { toolsDumpTrace } from "./dump-trace.js";
import { toolsImport } from "./import.js";
import { toolsSummary } from "./summary.js";
import { toolsVisualize } from "./visualize.js";

export const tools: CommandGroup = {
  kind: "group",
  name: "tools",
  summary: "Look into storages of experiments",
  commands: [toolsSummary, toolsDumpTrace, toolsVisualize, toolsImport, toolsAnalyze],
};
