import { resolve } from "node:path";
// Not of the whole folder: `nmzc run` shall not pay for campaigns.
import {
  type CampaignFile,
  type FailOn,
  type KeepRule,
  parseFailOn,
  type StopRule,
} from "../../campaign/format/index.js";
import { NmzError, parseDurationMs } from "../../util/index.js";
import {
  type FlagSection,
  listFlag,
  parseInteger,
  pathInto,
  switchFlag,
  valueFlag,
  word,
  wordInto,
} from "../flags/index.js";

/** What the flags of both `loop`s are read into. */
export interface LoopDraft {
  readonly stop: { -readonly [Key in keyof StopRule]: StopRule[Key] };
  jobs: number | undefined;
  timeoutMs: number | undefined;
  hasBaseline: boolean;
  tune: boolean;
  readonly results: string[];
  outDir: string | undefined;
  seed: string | undefined;
  keep: KeepRule | undefined;
  resume: string | undefined;
  failOn: FailOn | undefined;
  /** Absolute. */
  readonly known: string[];
  readonly cwd: string;
}

export function newLoopDraft(cwd: string): LoopDraft {
  return {
    stop: { runs: undefined, untilFailure: false, forMs: undefined, untilInterval: undefined },
    ...{
      jobs: undefined,
      timeoutMs: undefined,
      hasBaseline: false,
      tune: false,
      results: [],
      outDir: undefined,
    },
    ...{ seed: undefined, keep: undefined, resume: undefined, failOn: undefined, known: [], cwd },
  };
}

const keepRules: readonly KeepRule[] = ["failed", "some", "all"];
export const defaultRuns = 1000;

/** How many runs, and what becomes of them. */
export function loopFlags<Draft extends LoopDraft>(): readonly FlagSection<Draft>[] {
  return [
    {
      title: "When to stop, whichever comes first",
      flags: [
        valueFlag({
          name: "runs",
          short: "n",
          placeholder: "N",
          help: `After so many runs, with --baseline fuzzed ones (default ${defaultRuns}, unless another of these is given)`,
          apply: (value, { stop }) => {
            stop.runs = parseInteger(value, { min: 1, max: 10_000_000 });
          },
        }),
        switchFlag({
          name: "until-failure",
          help: "After the first failure",
          apply: (value, { stop }) => {
            stop.untilFailure = value;
          },
        }),
        valueFlag({
          name: "for",
          placeholder: "DURATION",
          help: "After this time (like 30m, 8h); runs that have begun are finished",
          apply: (value, { stop }) => {
            stop.forMs = positiveDuration(value);
          },
        }),
        valueFlag({
          name: "until-interval",
          placeholder: "PERCENT",
          help: 'When the rate of failures is known so well: "2%" is plus or minus two points, with 95 % confidence',
          apply: (value, { stop }) => {
            const percent = /^(\d+(?:\.\d*)?|\.\d+)%?$/.exec(value)?.[1];
            const share = Number(percent) / 100;
            if (!(share >= 0.001 && share < 0.5))
              throw new Error("write a percentage from 0.1% to below 50%");
            stop.untilInterval = share;
          },
        }),
      ],
    },
    {
      title: "Runs",
      flags: [
        valueFlag({
          name: "jobs",
          short: "j",
          placeholder: "N",
          help: "Runs at a time (default 1)",
          apply: (value, draft) => {
            draft.jobs = parseInteger(value, { min: 1, max: 256 });
          },
        }),
        valueFlag({
          name: "timeout",
          placeholder: "DURATION",
          help: "End a run that takes longer (like 5m); it is counted apart and is no failure, because the shaking may have caused it",
          apply: (value, draft) => {
            draft.timeoutMs = positiveDuration(value);
          },
        }),
        switchFlag({
          name: "baseline",
          help: "Make as many runs that are not shaken, in between, and compare; stops early when the answer is clear",
          apply: (value, draft) => {
            draft.hasBaseline = value;
          },
        }),
        switchFlag({
          name: "tune",
          help: "Spend the first third of the runs on finding how to shake it (delays, policies, scheduling, number of CPUs) so that it fails most often, and the others on that",
          apply: (value, draft) => {
            draft.tune = value;
          },
        }),
        valueFlag({
          name: "seed",
          placeholder: "SEED",
          help: "The campaign's seed, from which each run's is derived: any word (default: a new one)",
          apply: wordInto("seed"),
        }),
        valueFlag({
          name: "resume",
          placeholder: "FOLDER",
          help: "Go on with the campaign in this folder: make the runs that are missing. What was asked for then holds, unless --jobs, --keep, --fail-on, --known or a flag of when to stop is given",
          completes: "folder",
          isWritten: true,
          apply: pathInto("resume"),
        }),
      ],
    },
    {
      title: "Results",
      flags: [
        listFlag({
          name: "results",
          placeholder: "GLOB",
          help: "Files with test results, in the container too, instead of those in the usual places: JUnit XML, TAP, go test -json",
          apply: (value, draft) => {
            draft.results.push(word(value));
          },
        }),
        valueFlag({
          name: "out",
          placeholder: "FOLDER",
          help: "The campaign's folder (default ./nmz-loop/ID)",
          completes: "folder",
          isWritten: true,
          apply: pathInto("outDir"),
        }),
        valueFlag({
          name: "keep",
          placeholder: "failed|some|all",
          help: 'Of which runs output, results and record are kept; some: those that failed, and 20 that passed (default "some")',
          completes: keepRules,
          apply: (value, draft) => {
            const rule = keepRules.find((each) => each === value);
            if (rule === undefined) throw new Error(`must be one of ${keepRules.join(", ")}`);
            draft.keep = rule;
          },
        }),
      ],
    },
    {
      title: "Exit code",
      flags: [
        valueFlag({
          name: "fail-on",
          placeholder: "any|new|never|rate>P%",
          help: "What makes the exit code 1: any failure (the default), a failure that no earlier campaign had, nothing, or a rate that is surely above P % (the lower end of its 95 % interval is)",
          completes: ["any", "new", "never"],
          apply: (value, draft) => {
            draft.failOn = parseFailOn(value);
          },
        }),
        listFlag({
          name: "known",
          placeholder: "PATH",
          help: "Failures that are not new: known.json of an earlier campaign, its folder, or its report in JSON. Without it: those of campaigns of the same test beside this one's folder",
          completes: "file",
          apply: (value, draft) => {
            draft.known.push(resolve(draft.cwd, word(value)));
          },
        }),
      ],
    },
  ];
}

/** The default where nothing says when to stop. */
export function stopRuleOf({ stop }: LoopDraft): StopRule {
  return isAnyStop(stop) ? { ...stop } : { ...stop, runs: defaultRuns };
}

/** For --resume: what was given now, else what was asked for then. */
export function resumedRule({ stop }: LoopDraft, file: CampaignFile): StopRule {
  return isAnyStop(stop) ? { ...stop } : file.stop;
}

function isAnyStop({ runs, untilFailure, forMs, untilInterval }: StopRule): boolean {
  return untilFailure || runs !== undefined || forMs !== undefined || untilInterval !== undefined;
}

/** --resume takes what to run from the folder. Throws NMZ_CLI_ARGUMENTS. */
export function checkResume(draft: LoopDraft, args: readonly string[], path: string): void {
  const { timeoutMs, hasBaseline, tune, results, outDir, seed } = draft;
  const isAnyGiven =
    args.length > 0 ||
    hasBaseline ||
    tune ||
    results.length > 0 ||
    (timeoutMs ?? outDir ?? seed) !== undefined;
  if (!isAnyGiven) return;
  throw new NmzError("NMZ_CLI_ARGUMENTS", `'${path} --resume' repeats what its campaign was asked for`, {
    exitCode: 1,
    hint: `beside it give --jobs, --keep, --fail-on, --known and when to stop alone: ${path} --resume ${draft.resume} -n 2000`,
  });
}

function positiveDuration(text: string): number {
  const durationMs = parseDurationMs(text);
  if (durationMs <= 0) throw new Error("must be more than 0");
  // Node's timers know no more.
  if (durationMs >= 2 ** 31) throw new Error("longer than 24 days");
  return durationMs;
}
