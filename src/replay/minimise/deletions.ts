import type { RecordedDecision } from "../../record/index.js";
import { streamOfDecision } from "../decision-stream.js";
import { ddmin } from "./ddmin.js";
import type { Questions } from "./questions.js";

/** Deletes whole classes of events, then streams, then single decisions, then threads of one. Rejects with BudgetSpent. */
export async function deleteAllThatCanBe(
  decisions: readonly RecordedDecision[],
  questions: Questions,
): Promise<readonly RecordedDecision[]> {
  let left = decisions;
  const levels = [
    { name: "classes of events", unitOf: ({ event }: RecordedDecision) => event },
    { name: "connections, files and functions", unitOf: streamOfDecision },
    { name: "decisions", unitOf: undefined },
  ];
  for (const { name, unitOf } of levels) {
    const units = unitOf === undefined ? left.map((decision) => [decision]) : grouped(left, unitOf);
    const kept = await ddmin(units, (some) =>
      questions.fails(some.flat(), `with ${some.length} of ${units.length} ${name}`),
    );
    left = kept.flat();
  }
  return await deleteThreads(left, questions);
}

function grouped(
  decisions: readonly RecordedDecision[],
  unitOf: (decision: RecordedDecision) => string,
): readonly (readonly RecordedDecision[])[] {
  const groups = new Map<string, RecordedDecision[]>();
  for (const decision of decisions) {
    const group = groups.get(unitOf(decision));
    if (group === undefined) groups.set(unitOf(decision), [decision]);
    else group.push(decision);
  }
  return [...groups.values()];
}

interface Thread {
  readonly decision: number;
  readonly thread: number;
}

/** A sweep decides on all threads at once, and one of them may be the cause: the others are left alone. */
async function deleteThreads(
  decisions: readonly RecordedDecision[],
  questions: Questions,
): Promise<readonly RecordedDecision[]> {
  const threads = decisions.flatMap(({ attributes }, decision) =>
    (attributes ?? []).flatMap((attribute, thread) =>
      attribute === undefined ? [] : [{ decision, thread }],
    ),
  );
  const kept = await ddmin(threads, (some) =>
    questions.fails(withOnly(decisions, some), `with ${some.length} of ${threads.length} threads`),
  );
  return kept.length === threads.length ? decisions : withOnly(decisions, kept);
}

function withOnly(
  decisions: readonly RecordedDecision[],
  threads: readonly Thread[],
): readonly RecordedDecision[] {
  const kept = new Set(threads.map(({ decision, thread }) => `${decision}/${thread}`));
  return decisions.map((decision, index) =>
    decision.attributes === undefined
      ? decision
      : {
          ...decision,
          attributes: decision.attributes.map((attribute, thread) =>
            kept.has(`${index}/${thread}`) ? attribute : undefined,
          ),
        },
  );
}
