import { resolve } from "node:path";
import { readRun, readTrace, type StoredRun } from "../../record/index.js";
import type { ReplayOutcome } from "../../replay/index.js";
import { coverageInWords } from "../../replay/index.js";
import { printable } from "../../util/index.js";
import type { CliContext } from "../cli-context.js";
import { defineCommand } from "../command/index.js";
import { parseInteger, pathInto, switchFlag, valueFlag } from "../flags/index.js";
import { type FailureDraft, failureFlags, isFailure } from "../replay/failure-flags.js";
import { intervalWords, percent, rateWords } from "../replay/rate-words.js";
import { SignalledStop } from "../replay/signalled-stop.js";

interface ReplayDraft extends FailureDraft {
  times: number | undefined;
  isInteractive: boolean;
  outDir: string | undefined;
  readonly cwd: string;
}

export const replay = defineCommand<ReplayDraft>({
  name: "replay",
  summary: "Repeat a recorded run: its container or command, its config, and what was decided in it",
  usage: "[OPTIONS] RUN",
  notes: [
    "RUN is the folder of a run, or one that --nmz-out was given: its latest. A container is a new one without name and terminal, and is removed at the end; a command (of 'nmz inspectors proc') has the folder and the environment that it had. Without --times the exit code is the workload's; with it 0, and 130 after Ctrl-C, which shows what was measured so far.",
  ],
  examples: ["nmzc replay out", "nmzc replay --times 20 --output 'lost update' out/latest"],
  sections: [
    {
      title: "Options",
      flags: [
        valueFlag({
          name: "times",
          placeholder: "N",
          help: "Repeat it N times, without its output, and say how often it fails",
          apply: (value, draft) => {
            draft.times = parseInteger(value, { min: 1 });
          },
        }),
        switchFlag({
          name: "interactive",
          short: "i",
          help: "Give it our stdin; otherwise it has none",
          apply: (value, draft) => {
            draft.isInteractive = value;
          },
        }),
        valueFlag({
          name: "nmz-out",
          placeholder: "FOLDER",
          help: "Record each repetition in this folder",
          completes: "folder",
          isWritten: true,
          apply: pathInto("outDir"),
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
  newDraft: ({ cwd }) => ({
    ...{ times: undefined, isInteractive: false, outDir: undefined, cwd },
    ...{ failureExitCode: undefined, failureOutput: undefined },
  }),
  run: async ({ draft, args, context }) => {
    const run = readRun(resolve(context.cwd, args[0]!));
    const stop = new SignalledStop();
    try {
      return await replayRun(run, draft, context, stop);
    } catch (error) {
      if (stop.exitCode !== undefined && (error as { code?: unknown }).code === "NMZ_INTERRUPTED")
        return stop.exitCode;
      throw error;
    } finally {
      stop.dispose();
    }
  },
});

async function replayRun(
  run: StoredRun,
  draft: ReplayDraft,
  context: CliContext,
  stop: SignalledStop,
): Promise<number> {
  const { times, isInteractive, outDir } = draft;
  const replays = await context.services.openReplays(run, {
    ...{ io: context, isInteractive, outDir, signal: stop.signal },
    isQuiet: times !== undefined,
  });
  const once = () => replays.once(readTrace(run.traceFile));
  if (times === undefined) return (await once()).exitCode;
  const tally = new Tally(run, draft);
  try {
    for (let i = 0; i < times; i++) {
      const outcome = await once();
      context.stderr.write(`nmzc: ${i + 1}/${times}: ${tally.add(outcome)}\n`);
    }
    return 0;
  } finally {
    // After Ctrl-C too, and when the engine has gone away in between.
    for (const line of tally.lines()) context.stdout.write(`${printable(line)}\n`);
  }
}

/** How often a run failed again. */
class Tally {
  readonly #run: StoredRun;
  readonly #failure: FailureDraft;
  readonly #exitCodes = new Map<number, number>();
  #trials = 0;
  #failures = 0;

  constructor(run: StoredRun, failure: FailureDraft) {
    this.#run = run;
    this.#failure = failure;
  }

  add(outcome: ReplayOutcome): string {
    const { exitCode } = outcome;
    const hasFailed = isFailure(outcome, this.#failure);
    this.#trials += 1;
    if (hasFailed) this.#failures += 1;
    this.#exitCodes.set(exitCode, (this.#exitCodes.get(exitCode) ?? 0) + 1);
    return `exit ${exitCode}, ${hasFailed ? "failed" : "did not fail"}; ${coverageInWords(outcome)}`;
  }

  lines(): string[] {
    const trials = this.#trials;
    if (trials === 0) return ["no repetition was finished"];
    const measured = { failures: this.#failures, trials };
    const rate = `${rateWords(measured)} (${percent(this.#failures / trials)}; 95% interval ${intervalWords(measured)})`;
    const recorded = this.#run.result?.exitCode;
    if (recorded === undefined) return [rate];
    return [rate, `as recorded: exit ${recorded} in ${this.#exitCodes.get(recorded) ?? 0} of ${trials}`];
  }
}
