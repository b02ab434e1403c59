import type { FaultRule } from "../../config/index.js";
import { type Event, ProcSetEvent } from "../../signal/index.js";
import type { Clock } from "../../util/index.js";
import { DecisionStreams } from "../decision-streams.js";
import type { Answer, Decision, Policy } from "../policy.js";
import { type Verdict, verdictOf } from "./make-fault.js";
import { isSubject, matcherOf } from "./matches.js";

/** What became of a rule in a run. */
export interface FaultRuleReport {
  /** From 1, as it stands in the config. */
  readonly place: number;
  readonly fault: string;
  readonly on: FaultRule["on"];
  /** What it is about, in words: "pre-write of *.log". */
  readonly about: string;
  /** Events of its class that came. */
  readonly events: number;
  /** Those that were of its kind, whenever they came. */
  readonly matched: number;
  /** Those that got the fault. */
  readonly done: number;
}

/** One rule and its counts. */
class Rule {
  readonly rule: FaultRule;
  readonly #place: number;
  readonly #matches: (event: Event) => boolean;
  readonly #streams: DecisionStreams;
  events = 0;
  matched = 0;
  inTime = 0;
  done = 0;

  constructor(rule: FaultRule, place: number, seed: string) {
    this.rule = rule;
    this.#place = place;
    this.#matches = matcherOf(rule);
    this.#streams = new DecisionStreams(`${seed} faults ${place}`);
  }

  /** Draws for each event that matches, so that neither the time nor another rule changes what a later one draws. */
  draw(event: Event, sinceStartMs: number): Verdict | undefined {
    const { rule } = this;
    if (!isSubject(rule, event)) return undefined;
    this.events += 1;
    if (!this.#matches(event)) return undefined;
    this.matched += 1;
    const random = this.#streams.randomFor(event);
    const isDrawn = random.next() < rule.probability;
    if (!this.#isInTime(sinceStartMs)) return undefined;
    this.inTime += 1;
    if (this.inTime <= rule.skip || !isDrawn) return undefined;
    if (rule.atMost > 0 && this.done >= rule.atMost) return undefined;
    return verdictOf(rule, random);
  }

  report(): FaultRuleReport {
    const { rule, events, matched, done } = this;
    return {
      place: this.#place,
      fault: rule.fault,
      on: rule.on,
      about: aboutOf(rule),
      events,
      matched,
      done,
    };
  }

  #isInTime(sinceStartMs: number): boolean {
    const { afterMs, untilMs, settings } = this.rule;
    if (sinceStartMs < afterMs || (untilMs !== undefined && sinceStartMs >= untilMs)) return false;
    const { lasts, every } = settings as Readonly<Record<string, number | undefined>>;
    if (this.rule.fault !== "partition" || lasts === undefined) return true;
    const since = sinceStartMs - afterMs;
    return (every === undefined ? since : since % every) < lasts;
  }
}

/** The rules of one run. */
export class FaultRules {
  readonly #rules: readonly Rule[];
  readonly #clock: Clock;
  #startMs: number | undefined;

  constructor(rules: readonly FaultRule[], seed: string, clock: Clock) {
    this.#rules = rules.map((rule, index) => new Rule(rule, index + 1, seed));
    this.#clock = clock;
  }

  report(): readonly FaultRuleReport[] {
    return this.#rules.map((rule) => rule.report());
  }

  /** The policy with the rules around it: itself where there are none. It answers as it would without them. */
  around(policy: Policy): Policy {
    if (this.#rules.length === 0) return policy;
    const { name, answerWithinMs } = policy;
    return {
      name,
      ...(answerWithinMs === undefined ? {} : { answerWithinMs }),
      onEvent: (event) => this.#decide(policy, event),
      close: () => policy.close?.(),
    };
  }

  #decide(policy: Policy, event: Event): Answer | PromiseLike<Answer> {
    const change = this.#changeOf(event);
    const answer = policy.onEvent(event);
    if (change === undefined) return answer;
    if (typeof (answer as PromiseLike<Answer> | undefined)?.then === "function") {
      return Promise.resolve(answer as PromiseLike<Answer>).then(change);
    }
    return change(answer as Answer);
  }

  /** The first rule that draws; each of them is asked. */
  #changeOf(event: Event): ((answer: Answer) => Answer) | undefined {
    const nowMs = this.#clock.nowMs();
    this.#startMs ??= nowMs;
    let first: { readonly rule: Rule; readonly verdict: Verdict } | undefined;
    for (const rule of this.#rules) {
      const verdict = rule.draw(event, nowMs - this.#startMs);
      if (verdict !== undefined) first ??= { rule, verdict };
    }
    if (first === undefined) return undefined;
    const { rule, verdict } = first;
    rule.done += 1;
    return (answer) => changed(event, answer, verdict);
  }
}

function changed(event: Event, answer: Answer, verdict: Verdict): Decision {
  const { delayMs, action } = answer ?? { delayMs: 0, action: event.defaultAction() };
  if ("addedMs" in verdict) return { delayMs: Math.max(0, delayMs) + verdict.addedMs, action };
  return { delayMs: event instanceof ProcSetEvent ? 0 : delayMs, action: verdict.answerFor(event, action) };
}

function aboutOf({ on, packets, files, process, settings }: FaultRule): string {
  if (on === "processes") return `processes "${process}"`;
  const words = (list: readonly unknown[], before = ""): string[] =>
    list.length === 0 ? [] : [`${before}${list.join(", ")}`];
  if (on === "files") {
    return [
      ...(words(files.op).length > 0 ? words(files.op) : ["file operations"]),
      ...words(files.path, "of "),
    ].join(" ");
  }
  const ports = packets.ports.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`));
  const between = (settings["between"] as readonly (readonly string[])[] | undefined) ?? [];
  return [
    ...words(packets.directions),
    ...words(packets.protocol),
    "packets",
    ...words(ports, "of port "),
    ...words(packets.from, "from "),
    ...words(packets.to, "to "),
    ...words(
      between
        .map((group) => group.join(", "))
        .slice(0, 2)
        .map((group, index) => (index === 0 ? group : `and ${group}`)),
      "between ",
    ),
  ]
    .join(" ")
    .replace(", and ", " and ");
}
