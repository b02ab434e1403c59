import type { RecordedDecision } from "../../record/index.js";
import type { SchedAttributes } from "../../signal/index.js";
import { formatDurationMs } from "../../util/index.js";
import { faultWords } from "./fault-words.js";
import type { HumanOrdinals } from "./human-ordinals.js";
import { packetEnds, packetKind } from "./packet-words.js";

export interface WordsOptions {
  /** Without it events are counted by their replay hints. */
  readonly ordinals?: HumanOrdinals;
  /** Whether there are several inspectors, so that it must be said whose event it was. Default false. */
  readonly namesEntity?: boolean;
}

/** "the 2nd data packet 10.0.0.2→10.0.0.3:2888 late by 80ms". */
export function decisionWords(decision: RecordedDecision, options: WordsOptions = {}): string {
  const what = eventWords(decision, options);
  const { delayMs, fault, attributes } = decision;
  const late = delayMs > 0 ? [`late by ${formatDurationMs(delayMs)}`] : [];
  if (decision.event === "ProcSetEvent") {
    const threads = threadWords(attributes ?? [], isBirth(decision));
    const done = [...(fault === undefined ? [] : [faultWords(fault)]), ...threads];
    return `${done.length === 0 ? "nothing done" : done.join(", ")} at ${what}`;
  }
  const done = [...late, ...(fault === undefined ? [] : [faultWords(fault)])];
  return `${what} ${done.length === 0 ? "as it was" : done.join(" and ")}`;
}

/** All of them as one sentence: "A late by 1ms, B dropped, and C late by 2ms"; the entity is named only when there are several. */
export function scheduleWords(decisions: readonly RecordedDecision[], ordinals?: HumanOrdinals): string {
  const namesEntity = new Set(decisions.map(({ entity }) => entity)).size > 1;
  const options = { namesEntity, ...(ordinals === undefined ? {} : { ordinals }) };
  const all = decisions.map((decision) => decisionWords(decision, options));
  if (all.length === 0) return "nothing";
  if (all.length === 1) return all[0]!;
  return `${all.slice(0, -1).join(", ")}, and ${all.at(-1)}`;
}

/** The event alone: "the first fsync of log.1". */
export function eventWords(decision: RecordedDecision, options: WordsOptions = {}): string {
  const ordinal = ordinalWord(options.ordinals?.of(decision) ?? decision.n);
  const where = options.namesEntity === true ? ` (${decision.entity})` : "";
  return `${withoutEntity(decision, ordinal)}${where}`;
}

function withoutEntity(decision: RecordedDecision, ordinal: string): string {
  const { event, about, hint } = decision;
  switch (event) {
    case "PacketEvent":
      return `the ${ordinal} ${packetKind(hint)} ${packetEnds(decision)}`;
    case "FilesystemEvent": {
      const [, moment, op] = /^(?:(pre|post)-)?(.*)$/.exec(String(about["op"] ?? hint))!;
      const result = moment === "post" ? "the result of " : "";
      return `${result}the ${ordinal} ${op} of ${about["path"] ?? hint}`;
    }
    case "JavaFunctionEvent":
      return `the ${ordinal} ${about["op"] === "return" ? "return from" : "call of"} ${about["function"] ?? hint}`;
    case "ProcSetEvent":
      return `the ${ordinal} ${isBirth(decision) ? "birth" : "sweep"}`;
    default:
      return `the ${ordinal} ${event} ${hint}`;
  }
}

/** 1 → "first", 2 → "2nd", 13 → "13th". */
export function ordinalWord(n: number): string {
  if (n === 1) return "first";
  const teens = n % 100 >= 11 && n % 100 <= 13;
  return `${n}${teens ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th")}`;
}

// sched(7), by number.
const policyNames = [
  "SCHED_OTHER",
  "SCHED_FIFO",
  "SCHED_RR",
  "SCHED_BATCH",
  "",
  "SCHED_IDLE",
  "SCHED_DEADLINE",
];

const mostThreads = 4;

/** At which only the new threads are decided on. */
function isBirth({ about }: RecordedDecision): boolean {
  return about["birth"] === true;
}

/** What each thread was given; of many only how many. */
export function threadWords(
  attributes: NonNullable<RecordedDecision["attributes"]>,
  isBirth = false,
): readonly string[] {
  const { length } = attributes;
  const noun = isBirth ? "new thread" : "thread";
  const nameOf = (index: number): string =>
    isBirth && length === 1 ? "the new thread" : `${noun} ${index + 1} of ${length}`;
  const shaken = attributes.flatMap((attribute, index) =>
    attribute === undefined ? [] : [`${nameOf(index)} scheduled ${schedulingWords(attribute)}`],
  );
  if (shaken.length <= mostThreads) return shaken;
  return [`${shaken.length} of ${length} ${noun}s scheduled otherwise`];
}

/** "SCHED_BATCH", "SCHED_OTHER nice 5". */
export function schedulingWords({ Policy, Nice, Priority, Runtime, Period }: SchedAttributes): string {
  const name = policyNames[Policy] || `policy ${Policy}`;
  const deadline =
    Runtime > 0 ? ` ${formatDurationMs(Runtime / 1e6)} of ${formatDurationMs(Period / 1e6)}` : "";
  return `${name}${Nice === 0 ? "" : ` nice ${Nice}`}${Priority === 0 ? "" : ` priority ${Priority}`}${deadline}`;
}
