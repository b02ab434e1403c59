import type { Explanation, Predictor } from "../../replay/index.js";
import { renderTable } from "../table.js";

/** What `nmz explain` prints, line by line. */
export function explanationWords(explanation: Explanation): readonly string[] {
  const { outcome, runs, failed, predictors, found, events, asked, leftOut } = explanation;
  const counted = `${failed} of ${runs} ${runs === 1 ? "run" : "runs"} failed`;
  const room = leftOut === 0 ? [] : [`there was no memory for ${leftOut} seldom events`];
  switch (outcome) {
    case "no-failure":
      return [`none of ${runs} runs failed: there is nothing to explain; shake harder, or make more runs`];
    case "no-success":
      return [
        `all ${runs} runs failed: runs that pass are needed to compare with; shake less, or make more runs`,
      ];
    case "too-few":
      return [
        `${counted}: too few to tell anything from chance; make more runs, until some more failed and some more passed`,
      ];
    case "nothing":
      return [`${counted}; nothing predicts failure (${questions(asked)} about ${events} events)`, ...room];
    case "predictors": {
      const more = found > predictors.length ? [`${found - predictors.length} more: --top ${found}`] : [];
      return [
        `${counted}; ${questions(asked)} about ${events} events`,
        "",
        table(predictors),
        ...more,
        ...room,
      ];
    }
  }
}

function questions(asked: number): string {
  return `${asked} ${asked === 1 ? "question" : "questions"} asked`;
}

function table(predictors: readonly Predictor[]): string {
  const rows = predictors.flatMap(({ words, runs, qValue, alwaysWith, alwaysWithCount }) => {
    const { withFailed, withPassed, withoutFailed, withoutPassed } = runs;
    const row = [
      `${withFailed} of ${withFailed + withPassed}`,
      `${withoutFailed} of ${withoutFailed + withoutPassed}`,
      probability(qValue),
      words,
    ];
    if (alwaysWithCount === 0) return [row];
    const same =
      alwaysWithCount === 1
        ? `  always with it: ${alwaysWith[0]}`
        : `  and ${alwaysWithCount} more that always come with it: ${alwaysWith[0]}, …`;
    return [row, ["", "", "", same]];
  });
  return renderTable([["FAILS WITH", "WITHOUT", "CHANCE", "WHAT"], ...rows]).trimEnd();
}

/** Two digits. */
function probability(value: number): string {
  return value >= 0.001 ? String(Number(value.toPrecision(2))) : value.toExponential(0);
}
