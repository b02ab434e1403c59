import type { ReportData, ReportPredictor, ReportPredictors } from "../data/report-data.js";
import { countWords, groupedNumber, probabilityWords } from "../words/numbers.js";
import { element, section, svg } from "./element.js";

/** Which decisions go with failing; what predicts need not be the cause. */
export function predictorsSection(
  { predictors }: ReportData,
  isShown: (predictor: number) => boolean,
  show: (predictor: number) => void,
): HTMLElement {
  const { list, found } = predictors;
  if (list.length === 0)
    return section("predictors", "What predicts failure", element("p", {}, nothingWords(predictors)));
  const head = ["what", "fails with it", "without", "chance"].map((name, index) =>
    element("th", { scope: "col", class: index === 0 ? "" : "number" }, name),
  );
  return section(
    "predictors",
    "What predicts failure",
    element(
      "p",
      {},
      `${countWords(predictors.runs, "recorded run")} compared, ${predictors.failed} of them failed; ${countWords(predictors.asked, "question")} asked. Of what is listed 5 % may be chance, and what predicts need not be the cause: minimize tries it out.`,
    ),
    element(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "What predicts failure" },
      element(
        "table",
        { class: "predictors" },
        element("thead", {}, element("tr", {}, ...head)),
        element(
          "tbody",
          {},
          ...list.map((predictor, index) => row(predictor, isShown(index) ? () => show(index) : undefined)),
        ),
      ),
    ),
    found > list.length &&
      element("p", { class: "aside" }, `${groupedNumber(found - list.length)} more: nmz explain`),
  );
}

function nothingWords({ outcome, runs, failed, recordedRuns, asked }: ReportPredictors): string {
  switch (outcome) {
    case "no-traces":
      return "No run left a record, so its decisions cannot be compared.";
    case "no-failure":
      return `None of ${countWords(runs, "recorded run")} failed: there is nothing to explain.`;
    case "no-success":
      return `All ${countWords(runs, "recorded run")} failed: runs that pass are needed to compare with.`;
    case "too-few":
      return `${failed} of ${countWords(runs, "recorded run")} failed: too few to tell anything from chance.`;
    default:
      return `Nothing predicts failure: ${countWords(asked, "question")} asked of ${runs} of ${countWords(recordedRuns, "recorded run")}.`;
  }
}

function row(predictor: ReportPredictor, show: (() => void) | undefined): HTMLElement {
  const button =
    show === undefined
      ? undefined
      : element(
          "button",
          {
            type: "button",
            class: "show",
            "aria-label": `Show in the timeline: ${predictor.words}`,
            onclick: show,
          },
          "Show",
        );
  const { words, withFailed, withPassed, withoutFailed, withoutPassed, qValue, alwaysWith, alwaysWithCount } =
    predictor;
  const more =
    alwaysWithCount === 0
      ? undefined
      : element(
          "details",
          {},
          element("summary", {}, `${countWords(alwaysWithCount, "event")} always with it`),
          element(
            "ul",
            {},
            ...alwaysWith.map((each) => element("li", {}, each)),
            alwaysWithCount > alwaysWith.length && element("li", {}, "…"),
          ),
        );
  return element(
    "tr",
    {},
    element(
      "th",
      { scope: "row" },
      element("span", { class: `kind ${predictor.kind}` }, predictor.kind),
      words,
      button,
      more,
    ),
    element("td", { class: "number" }, share(withFailed, withFailed + withPassed)),
    element("td", { class: "number" }, share(withoutFailed, withoutFailed + withoutPassed)),
    element("td", { class: "number" }, probabilityWords("q", qValue)),
  );
}

function share(failed: number, of: number): Node {
  const part = of === 0 ? 0 : failed / of;
  const bar = svg(
    "svg",
    { width: 48, height: 8, class: "share", "aria-hidden": "true" },
    svg("rect", { width: 48, height: 8, rx: 2, class: "track" }),
    svg("rect", { width: 48 * part, height: 8, rx: 2, class: "fill" }),
  );
  return element("span", { class: "with-whisker" }, `${groupedNumber(failed)} of ${groupedNumber(of)}`, bar);
}
