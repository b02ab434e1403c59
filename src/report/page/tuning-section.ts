import type { ReportData } from "../data/report-data.js";
import { intervalWords, percentWords } from "../words/numbers.js";
import { tuningWords } from "../words/verdict-words.js";
import { element, section } from "./element.js";

const columns = ["preset", "what it does", "failed", "rate", "95 % interval"];

/** What --tune tried, and why it chose what it chose. */
export function tuningSection({ tuning }: ReportData): HTMLElement | undefined {
  if (tuning === undefined) return undefined;
  const style = (index: number) => ({ class: index > 1 ? "number" : "" });
  const rows = tuning.tried.map(({ choice, meaning, rate }) => {
    const name = choice === tuning.chosen ? element("strong", {}, choice) : choice;
    const cells = [
      ...[name, meaning, `${rate.failed} of ${rate.of}`, percentWords(rate.rate)],
      intervalWords(rate),
    ];
    return element("tr", {}, ...cells.map((cell, index) => element("td", style(index), cell)));
  });
  const heads = columns.map((title, index) => element("th", { scope: "col", ...style(index) }, title));
  return section(
    "tuning",
    "Tuning",
    element("p", {}, tuningWords(tuning)),
    element(
      "table",
      { class: "tests" },
      element("thead", {}, element("tr", {}, ...heads)),
      element("tbody", {}, ...rows),
    ),
  );
}
