import { resolve } from "node:path";
import { readRun } from "../../record/index.js";
import { parseDurationMs } from "../../util/index.js";
import { defineCommand } from "../command/index.js";
import { parseInteger, valueFlag } from "../flags/index.js";
import { failureFlags } from "../replay/failure-flags.js";
import { type MinimizeDraft, minimizeRun } from "../replay/minimize-run.js";
import { SignalledStop } from "../replay/signalled-stop.js";

// Nine of ten searches for two decisions that only together fail 6 runs of 10, or one that fails 4, need less.
const defaultMaxRuns = 2000;

export const minimize = defineCommand<MinimizeDraft>({
  name: "minimize",
  summary: "Find the few decisions that make a recorded run fail, and say them in words",
  usage: "[OPTIONS] RUN",
  notes: [
    "Repeats RUN as 'nmzc replay' does, with fewer and fewer of its decisions, as often as chance demands. What is left is stored in RUN/minimized, which 'nmzc replay' takes. Ctrl-C gives the best so far, and exit code 130. Exit code 1: the record does not make it fail.",
  ],
  examples: ["nmzc minimize out", "nmzc minimize --max-time 10m --output 'lost update' out/latest"],
  sections: [
    {
      title: "Options",
      flags: [
        valueFlag({
          name: "max-runs",
          placeholder: "N",
          help: `Make no more than N runs (default ${defaultMaxRuns})`,
          apply: (value, draft) => {
            draft.maxRuns = parseInteger(value, { min: 1 });
          },
        }),
        valueFlag({
          name: "max-time",
          placeholder: "DURATION",
          help: "Take no longer than this, but for the last run (like 90s, 10m; default: no limit)",
          apply: (value, draft) => {
            draft.maxTimeMs = parseDurationMs(value);
            if (draft.maxTimeMs <= 0) throw new Error("must be more than 0");
          },
        }),
        valueFlag({
          name: "confidence",
          placeholder: "P",
          help: "Keep what causes the failure with at least this probability (default 0.95)",
          apply: (value, draft) => {
            draft.confidence = Number(value);
            if (!(draft.confidence >= 0.5 && draft.confidence < 1))
              throw new Error("not a number from 0.5 to below 1");
          },
        }),
      ],
    },
    failureFlags(),
  ],
  completes: "folder",
  isInterspersed: true,
  entersHost: "if-there",
  minArgs: 1,
  maxArgs: 1,
  newDraft: () => ({
    ...{ maxRuns: defaultMaxRuns, maxTimeMs: undefined, confidence: 0.95 },
    ...{ failureExitCode: undefined, failureOutput: undefined },
  }),
  run: async ({ draft, args, path, context }) => {
    const run = readRun(resolve(context.cwd, args[0]!));
    const stop = new SignalledStop();
    try {
      const replayCommand = path.replace(/\w+$/, "replay");
      await minimizeRun(run, draft, { replayCommand, context, signal: stop.signal });
      return stop.exitCode ?? 0;
    } catch (error) {
      if (stop.exitCode !== undefined && (error as { code?: unknown }).code === "NMZ_INTERRUPTED")
        return stop.exitCode;
      throw error;
    } finally {
      stop.dispose();
    }
  },
});
