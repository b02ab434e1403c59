import { type InspectorReport, summariseReports } from "../inspector/index.js";
import { type FaultRuleReport, injectedFaults } from "../policy/index.js";
import { OutFolder } from "../record/index.js";
import { messageOf } from "../util/index.js";
import type { RunPlan } from "./run-plan.js";
import type { RunResult } from "./run-result.js";
import { storedRequest } from "./stored-request.js";
import { summarise } from "./summary.js";

/** How a run ended, and what was shaken in it. */
export interface RunOutcome {
  readonly containerId: string;
  readonly exitCode: number;
  readonly events: number;
  readonly delayed: number;
  readonly inspectors: readonly InspectorReport[];
  readonly faultRules: readonly FaultRuleReport[];
}

/** What a run leaves behind in words: warnings while it runs, the summary at its end, and both in the out folder. */
export class RunRecord {
  readonly #plan: RunPlan;
  readonly #say: (line: string) => void;
  #out: OutFolder<RunResult> | undefined;
  readonly #startedAt = new Date().toISOString();
  readonly #warnings: string[] = [];

  constructor(plan: RunPlan, say: (line: string) => void) {
    this.#plan = plan;
    this.#say = say;
  }

  /** Makes the out folder, where one is asked for. Throws NMZ_OUT_FOLDER. */
  open(): void {
    const { request, runId } = this.#plan;
    if (request.outDir !== undefined) this.#out = new OutFolder<RunResult>(request.outDir, runId);
  }

  get traceFile(): string | undefined {
    return this.#out?.traceFile;
  }

  readonly warn = (line: string): void => {
    this.#warnings.push(line);
    this.#say(line);
  };

  readonly warnOf = (error: unknown): void => this.warn(messageOf(error));

  close(outcome: RunOutcome): void {
    for (const line of summarise(this.#plan, outcome.inspectors, outcome)) this.#say(line);
    // The workload has run, and its exit code counts more than the record of it.
    try {
      this.#write(outcome);
    } catch (error) {
      this.warn(`the result was not stored in ${this.#out?.path}: ${messageOf(error)}`);
    }
  }

  #write(outcome: RunOutcome): void {
    const { runId, seed, request, autopilot } = this.#plan;
    this.#out?.write({
      runId,
      seed,
      image: request.body.Image,
      command: request.body.Cmd ?? [],
      containerId: outcome.containerId,
      startedAt: this.#startedAt,
      endedAt: new Date().toISOString(),
      exitCode: outcome.exitCode,
      events: outcome.events,
      delayed: outcome.delayed,
      inspectors: outcome.inspectors,
      faults: injectedFaults(summariseReports(outcome.inspectors).faults, outcome.faultRules),
      faultRules: outcome.faultRules,
      warnings: this.#warnings,
      autopilot,
      repeat: storedRequest(request),
    });
  }
}
