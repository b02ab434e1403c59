import {
  type Action,
  type Event,
  FilesystemEvent,
  type FilesystemHook,
  LogEvent,
  PacketEvent,
} from "../signal/index.js";
import { DecisionStreams } from "./decision-streams.js";
import type { EarlierDecision, EarlierRun } from "./earlier-run.js";
import type { Decision, Policy, PolicyContext } from "./policy.js";
import type { PolicyEntry } from "./policy-entry.js";
import { createPolicyFrom } from "./registry.js";

export interface TrialOptions {
  readonly seed?: string;
  readonly cpuCount?: number;
  /** Runs that were before, oldest first; what is left out of one is made up. */
  readonly history?: readonly TrialRun[];
}

/** A made-up earlier run. */
export interface TrialRun extends Partial<Omit<EarlierRun, "decisions" | "failed">> {
  /** Default: its exit code, if it has one, is not 0. */
  readonly failed?: boolean;
  readonly decisions?: readonly TrialDecision[];
}

/** A made-up decision: of entity "ethernet", the first with its hint, and at once, unless it says otherwise. */
export type TrialDecision = Pick<EarlierDecision, "hint"> & Partial<EarlierDecision>;

interface Timer {
  dueMs: number;
  readonly periodMs: number | undefined;
  readonly tick: () => void;
}

/**
 * A policy under test: asked about made-up events, with a clock that moves only when it is told to. What the policy
 * does beside answering is kept in `emitted` and `lines`.
 */
export class PolicyTrial {
  readonly policy: Policy;
  /** Free-standing actions, such as ShellAction. */
  readonly emitted: Action[] = [];
  /** What the policy logged. */
  readonly lines: string[] = [];
  #nowMs = 0;
  readonly #timers = new Set<Timer>();

  /** `params` as a config would give them. Throws NMZ_POLICY_PARAM. */
  constructor(
    entry: PolicyEntry,
    params: Readonly<Record<string, unknown>> = {},
    { seed = "trial", cpuCount = 2, history = [] }: TrialOptions = {},
  ) {
    const streams = new DecisionStreams(seed);
    const context: PolicyContext = {
      clock: { nowMs: () => this.#nowMs, wallMs: () => this.#nowMs },
      random: streams.named("policy"),
      randomFor: (event) => streams.randomFor(event),
      randomNamed: (name) => streams.named(`named ${name}`),
      cpuCount,
      environment: {},
      history: history.map(earlierRun),
      every: (periodMs, tick) => this.#timers.add({ dueMs: this.#nowMs + periodMs, periodMs, tick }),
      after: (delayMs, tick) => this.#timers.add({ dueMs: this.#nowMs + delayMs, periodMs: undefined, tick }),
      emit: (action) => this.emitted.push(action),
      log: (line) => this.lines.push(line),
    };
    this.policy = createPolicyFrom(entry, params, context);
  }

  /** What the policy answers; nothing is "the event goes on at once". */
  async ask(event: Event): Promise<Decision> {
    return (await this.policy.onEvent(event)) ?? { delayMs: 0, action: event.defaultAction() };
  }

  /** Lets so many milliseconds pass, with the policy's timers that are due in them. */
  advance(milliseconds: number): void {
    const endMs = this.#nowMs + milliseconds;
    for (;;) {
      const [next] = [...this.#timers].sort((a, b) => a.dueMs - b.dueMs);
      if (next === undefined || next.dueMs > endMs) break;
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      if (next.periodMs === undefined) this.#timers.delete(next);
      else next.dueMs += Math.max(1, next.periodMs);
      next.tick();
    }
    this.#nowMs = endMs;
  }

  /** A packet that waits for its answer. */
  packet({
    entity = "ethernet",
    from = "entity-10.0.0.1:1000",
    to = "entity-10.0.0.2:2000",
    hint = `${from}->${to}`,
    bytes = new Uint8Array(0),
  }: TrialPacket = {}): PacketEvent {
    return new PacketEvent(entity, { srcEntity: from, dstEntity: to, bytes, replayHint: hint, retain() {} });
  }

  /** A file operation that waits for its answer. */
  file(op: FilesystemHook = "pre-fsync", path = "data/log", entity = "fs"): FilesystemEvent {
    return new FilesystemEvent(entity, op, path);
  }

  /** A line that a program logged; nobody holds it. */
  log(message: string, srcEntity = "entity-127.0.0.1:514", entity = "syslog"): LogEvent {
    return new LogEvent(entity, { srcEntity, message, replayHint: message });
  }
}

export interface TrialPacket {
  /** The inspector that saw it. */
  readonly entity?: string;
  /** As src/inspector/ethernet names the ends: `entity-<IPv4>:<port>`. */
  readonly from?: string;
  readonly to?: string;
  /** What the decision is keyed by. */
  readonly hint?: string;
  readonly bytes?: Uint8Array;
}

function earlierRun(
  { exitCode, failed = (exitCode ?? 0) !== 0, decisions = [], ...given }: TrialRun,
  index: number,
): EarlierRun {
  return {
    run: `run-${index + 1}`,
    seed: `${index + 1}`,
    command: [],
    endedAt: new Date(index).toISOString(),
    ...given,
    exitCode: exitCode ?? (failed ? 1 : 0),
    failed,
    decisions: () => decisions.map(earlierDecision),
  };
}

function earlierDecision(given: TrialDecision): EarlierDecision {
  return {
    entity: "ethernet",
    n: 1,
    event: "PacketEvent",
    delayMs: 0,
    arrivedMs: 0,
    atMs: 0,
    about: {},
    ...given,
  };
}
