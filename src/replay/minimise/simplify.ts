import type { RecordedDecision } from "../../record/index.js";
import type { Questions } from "./questions.js";

// What is still long is not understood by shorter numbers.
const mostShortened = 8;
const mostHalvings = 4;

/** Rounder delays, then shorter ones, as long as it fails as often as before. Rejects with BudgetSpent. */
export async function simplify(
  decisions: readonly RecordedDecision[],
  questions: Questions,
): Promise<readonly RecordedDecision[]> {
  let left = await roundAll(decisions, questions);
  if (left.length > mostShortened) return left;
  for (let index = 0; index < left.length; index++) left = await shorten(left, index, questions);
  return left;
}

async function roundAll(
  decisions: readonly RecordedDecision[],
  questions: Questions,
): Promise<readonly RecordedDecision[]> {
  for (const digits of [1, 2, 3]) {
    const rounder = decisions.map((decision) => ({ ...decision, delayMs: round(decision.delayMs, digits) }));
    if (rounder.every(({ delayMs }, index) => delayMs === decisions[index]!.delayMs)) return decisions;
    if (
      await questions.failsAsOften(
        rounder,
        `with delays rounded to ${digits} ${digits === 1 ? "digit" : "digits"}`,
      )
    )
      return rounder;
  }
  return decisions;
}

async function shorten(
  decisions: readonly RecordedDecision[],
  index: number,
  questions: Questions,
): Promise<readonly RecordedDecision[]> {
  const { fault, delayMs } = decisions[index]!;
  if (delayMs === 0) return decisions;
  const withDelay = (shorterMs: number) =>
    decisions.with(index, { ...decisions[index]!, delayMs: shorterMs });
  const question = (shorterMs: number) =>
    `with delay ${index + 1} of ${decisions.length} down to ${shorterMs} ms`;
  if (fault !== undefined && (await questions.failsAsOften(withDelay(0), question(0)))) return withDelay(0);
  let shortest = delayMs;
  for (let halving = 0; halving < mostHalvings; halving++) {
    const shorterMs = round(shortest / 2, 1);
    if (shorterMs >= shortest || !(await questions.failsAsOften(withDelay(shorterMs), question(shorterMs))))
      break;
    shortest = shorterMs;
  }
  return withDelay(shortest);
}

function round(delayMs: number, digits: number): number {
  return Number(delayMs.toPrecision(digits));
}
