import { percentDigits } from "../../util/number-words.js";
import type { ReportRate } from "../data/report-data.js";

// By its own path: the page reads this too, and has no Node.
export { timeWords } from "../../util/number-words.js";

/** "6 %", "0.25 %" */
export function percentWords(share: number): string {
  return `${percentDigits(share)} %`;
}

/** "3.5 % to 10 %". */
export function intervalWords({ low, high }: Pick<ReportRate, "low" | "high">): string {
  return `${percentWords(low)} to ${percentWords(high)}`;
}

/** "p = 0.0031", "p < 0.0001". */
export function probabilityWords(name: string, value: number): string {
  if (value < 0.0001) return `${name} < 0.0001`;
  return `${name} = ${Number(value.toPrecision(2))}`;
}

/** "12 runs", "1 run". */
export function countWords(count: number, noun: string): string {
  return `${groupedNumber(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** 100000 → "100,000". */
export function groupedNumber(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** To be put after a sentence on tests: those that skip themselves have no rate. */
export function skippedWords(mostInARun: number): string {
  return mostInARun === 0
    ? ""
    : ` ${countWords(mostInARun, "more test")} ${mostInARun === 1 ? "was" : "were"} skipped in a run.`;
}
