import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, makeFolders, messageOf, NmzError, systemClock } from "../../util/index.js";
import type { RunFailure } from "../../verdict/index.js";
import { RunLog, readRunLines, runFolderName, type StoredCampaign, storeSuite } from "../folder/index.js";
import type { KeepRule, RunLine, StopRule } from "../format/index.js";
import { CampaignTally } from "../tally/index.js";
import type { Chooser } from "./chooser.js";
import { ErrorStreak } from "./error-streak.js";
import { KeptRuns } from "./kept-runs.js";
import type { MadeRun, MakeRun, RunOrder } from "./make-run.js";
import { requireRoom } from "./require-room.js";
import { armOfRun, RunNumbers, randomOf, seedOfRun } from "./run-orders.js";
import { endOfRuns, type StopReason, stopReason } from "./stop-reason.js";

export interface CampaignPlan {
  readonly campaign: StoredCampaign;
  /** As the campaign's file has them, unless a --resume was given others. */
  readonly stop: StopRule;
  readonly jobs: number;
  /** Undefined: as the file has it. */
  readonly keep?: KeepRule | undefined;
  /** Undefined: every fuzzed run is shaken alike. */
  readonly chooser?: Chooser | undefined;
  /** No further run begins; those that run end by themselves. */
  readonly stopped: AbortSignal;
  /** Those that run are ended too. */
  readonly endNow: AbortSignal;
  /** Resolves when runs can be made again after an engine went away. Throws when that takes too long. */
  readonly untilEngine: () => Promise<void>;
  readonly clock?: Clock;
}

/** Who is told. Must not throw. */
export interface CampaignListener {
  /** What there was before: nothing, unless it is a --resume. */
  begins(tally: CampaignTally): void;
  started(order: RunOrder): void;
  /** It did not come to an end, and is made again: a --resume's affair, or of the engine that comes back. */
  dropped(order: RunOrder): void;
  /** `fresh`: failures that no run before had. The line is on disk. */
  ended(line: RunLine, fresh: readonly RunFailure[], tally: CampaignTally): void;
  warn(text: string): void;
}

export interface CampaignResult {
  readonly reason: StopReason;
  readonly tally: CampaignTally;
}

const maxEngineRetries = 3;

/**
 * Makes the runs that are missing, until there is a reason to stop. Throws NMZ_CAMPAIGN_WRITE, NMZ_CAMPAIGN_DISK_FULL,
 * NMZ_CAMPAIGN_DAMAGED, and the error of the runs where none can be made; what has ended until then is on disk and counts.
 */
export async function runCampaign(
  plan: CampaignPlan,
  makeRun: MakeRun,
  listener: CampaignListener,
): Promise<CampaignResult> {
  const log = new RunLog(plan.campaign.folder);
  try {
    return await new Loop(plan, makeRun, listener, log).toTheEnd();
  } finally {
    log.close();
  }
}

class Loop {
  readonly #plan: CampaignPlan;
  readonly #makeRun: MakeRun;
  readonly #listener: CampaignListener;
  readonly #log: RunLog;
  readonly #clock: Clock;
  readonly #tally: CampaignTally;
  readonly #kept: KeptRuns;
  readonly #numbers: RunNumbers;
  readonly #end: number | undefined;
  readonly #beganMs: number;
  /** That runs before a --resume took. */
  #earlierMs = 0;
  #reason: StopReason | undefined;
  #failure: { readonly error: unknown } | undefined;
  readonly #errors = new ErrorStreak();

  constructor(plan: CampaignPlan, makeRun: MakeRun, listener: CampaignListener, log: RunLog) {
    const { folder, file } = plan.campaign;
    this.#plan = plan;
    this.#makeRun = makeRun;
    this.#listener = listener;
    this.#log = log;
    this.#clock = plan.clock ?? systemClock;
    this.#tally = new CampaignTally({ hasBaseline: file.hasBaseline, stop: plan.stop });
    this.#kept = new KeptRuns(plan.keep ?? file.keep);
    this.#end = endOfRuns(plan.stop, file.hasBaseline);
    this.#numbers = new RunNumbers(this.#learn(folder));
    this.#beganMs = this.#clock.nowMs();
  }

  async toTheEnd(): Promise<CampaignResult> {
    const { jobs, stopped } = this.#plan;
    this.#listener.begins(this.#tally);
    this.#judge();
    await Promise.all(Array.from({ length: jobs }, () => this.#work()));
    if (this.#failure !== undefined) throw this.#failure.error;
    return { reason: this.#reason ?? (stopped.aborted ? "stopped" : "runs"), tally: this.#tally };
  }

  /** Counts what has ended before. */
  *#learn(folder: string): Generator<RunLine> {
    const seen = new Set<number>();
    let elapsedMs = 0;
    for (const line of readRunLines(folder)) {
      if (seen.has(line.run)) continue;
      this.#tally.add(line);
      // Made again: what stood in the way may be gone.
      if (line.outcome === "error") continue;
      seen.add(line.run);
      this.#kept.learn(line);
      if (line.choice !== undefined) this.#plan.chooser?.learn(line.choice, line.outcome);
      elapsedMs += line.durationMs / (line.jobs ?? this.#plan.campaign.file.jobs);
      yield line;
    }
    this.#earlierMs = elapsedMs;
  }

  /** One of the runs at a time. */
  async #work(): Promise<void> {
    for (let retries = 0; ; ) {
      const run = this.#next();
      if (run === undefined) return;
      try {
        const made = await this.#make(run);
        if (made !== "engine-gone") retries = 0;
        else if (++retries > maxEngineRetries) throw engineKeepsGoing();
        else await this.#plan.untilEngine();
      } catch (error) {
        this.#failure ??= { error };
      }
    }
  }

  #next(): number | undefined {
    if (this.#failure !== undefined || this.#reason !== undefined || this.#plan.stopped.aborted)
      return undefined;
    this.#judge();
    return this.#reason === undefined ? this.#numbers.take(this.#end) : undefined;
  }

  #judge(): void {
    const { stop, campaign } = this.#plan;
    const elapsedMs = this.#earlierMs + this.#clock.nowMs() - this.#beganMs;
    this.#reason ??= stopReason(stop, this.#tally, elapsedMs, campaign.file.hasBaseline);
  }

  async #make(run: number): Promise<"made" | "engine-gone"> {
    const { endNow } = this.#plan;
    const order = this.#orderOf(run);
    requireRoom(this.#plan.campaign.folder);
    // What a killed loop left of it.
    await rm(order.folder, { recursive: true, force: true });
    makeFolders(order.folder);
    this.#listener.started(order);
    const startedAt = new Date(this.#clock.wallMs()).toISOString();
    const made = await this.#makeRun(order, endNow);
    if (made.kind === "interrupted" || (made.kind === "error" && made.isEngineGone === true)) {
      await made.finish?.(false);
      await rm(order.folder, { recursive: true, force: true });
      this.#numbers.giveBack(run);
      this.#listener.dropped(order);
      if (made.kind === "interrupted") return "made";
      this.#listener.warn(`${messageOf(made.error)}; waiting for it, and making run ${run} again`);
      return "engine-gone";
    }
    const line = await this.#lineOf(order, made, startedAt);
    if (made.kind === "error") requireRoom(this.#plan.campaign.folder); // it may be why
    this.#log.append(line);
    const fresh = this.#tally.add(line);
    if (line.choice !== undefined) this.#plan.chooser?.learn(line.choice, line.outcome);
    this.#listener.ended(line, fresh, this.#tally);
    this.#judge();
    this.#watchErrors(made);
    return "made";
  }

  #orderOf(run: number): RunOrder {
    const { campaign, chooser } = this.#plan;
    const { seed } = campaign.file;
    const arm = armOfRun(campaign.file, run);
    const choice = arm === "fuzzed" ? chooser?.next(randomOf(seed, `choice/${run}`)).name : undefined;
    return {
      run,
      arm,
      seed: seedOfRun(seed, run),
      choice,
      folder: join(campaign.folder, runFolderName(run)),
    };
  }

  async #lineOf(
    { run, arm, seed, choice, folder }: RunOrder,
    made: Exclude<MadeRun, { kind: "interrupted" }>,
    startedAt: string,
  ): Promise<RunLine> {
    const verdict = made.kind === "ended" ? made.verdict : undefined;
    const outcome = verdict === undefined ? (made.kind as "timeout" | "error") : passOrFail(verdict.failures);
    const suite =
      verdict === undefined || verdict.testNames.length === 0
        ? undefined
        : storeSuite(this.#plan.campaign.folder, verdict.testNames);
    const isKept = this.#kept.keep(outcome);
    await made.finish?.(isKept);
    if (!isKept) await rm(folder, { recursive: true, force: true });
    return {
      ...{ run, arm, seed, choice, startedAt, outcome, suite },
      durationMs: Math.round(made.durationMs * 1000) / 1000,
      jobs: this.#plan.jobs === this.#plan.campaign.file.jobs ? undefined : this.#plan.jobs,
      exitCode: made.kind === "ended" ? made.exitCode : undefined,
      tests: verdict?.tests,
      failures: verdict?.failures ?? [],
      folder: isKept ? runFolderName(run) : undefined,
      error: made.kind === "error" ? messageOf(made.error) : undefined,
    };
  }

  #watchErrors(made: MadeRun): void {
    const isGivenUp = this.#errors.isTooLong(made.kind === "error", this.#tally);
    if (made.kind !== "error" || !isGivenUp) return;
    this.#listener.warn(`${this.#errors.length} runs one after another could not be made`);
    throw made.error;
  }
}

function passOrFail(failures: readonly RunFailure[]): "pass" | "fail" {
  return failures.length === 0 ? "pass" : "fail";
}

function engineKeepsGoing(): NmzError {
  return new NmzError("NMZ_CAMPAIGN_ENGINE", "the container engine went away again and again", {
    hint: "see why, and go on with --resume: what has ended before is kept",
  });
}
