import type { ReportData, ReportRate } from "../data/report-data.js";
import { intervalWords, percentWords, timeWords } from "../words/numbers.js";
import { verdictWords } from "../words/verdict-words.js";
import { element, svg } from "./element.js";

/** The answer, before anything else: one sentence, one number with its interval, and how it compares. */
export function verdictSection(data: ReportData): HTMLElement {
  const { headline, of: rate, comparison, remarks, tone } = verdictWords(data);
  const { campaign, fuzzed, plain } = data;
  const rows: Row[] = [
    {
      name: rate !== fuzzed.rate ? "tuned" : plain === undefined ? "all runs" : "shaken",
      ...{ rate, style: "shaken" },
    },
  ];
  if (plain !== undefined) rows.push({ name: "plain", rate: plain.rate, style: "plain" });
  return element(
    "section",
    { id: "verdict", class: `verdict ${tone}`, "aria-labelledby": "verdict-title" },
    element("p", { class: "eyebrow" }, campaign.test),
    element("h1", { id: "verdict-title" }, headline),
    rate.of > 0 &&
      element(
        "p",
        { class: "rate" },
        element("strong", {}, percentWords(rate.rate)),
        ` with 95 % between ${percentWords(rate.low)} and ${percentWords(rate.high)}`,
      ),
    rate.of > 0 && intervals(rows),
    comparison !== undefined && element("p", { class: "comparison" }, comparison),
    ...remarks.map((remark) => element("p", { class: "remark" }, remark)),
    element(
      "p",
      { class: "facts" },
      [
        `Campaign ${campaign.id}`,
        campaign.startedAt.replace("T", " ").replace(/\.\d+Z$/, " UTC"),
        timeWords(campaign.durationMs),
        campaign.jobs > 1 ? `${campaign.jobs} at a time` : "one at a time",
        ...(campaign.preset === undefined ? [] : [`preset ${campaign.preset}`]),
        `seed ${campaign.seed}`,
      ].join(" · "),
    ),
  );
}

interface Row {
  readonly name: string;
  readonly rate: ReportRate;
  readonly style: "shaken" | "plain";
}

/** Each rate as a dot on its interval, on one scale. Percentages of the width, so that it needs no script to be resized. */
function intervals(rows: readonly Row[]): HTMLElement {
  const highest = Math.max(...rows.map(({ rate }) => rate.high));
  const scale = [0.02, 0.05, 0.1, 0.2, 0.5, 1].find((end) => end >= highest) ?? 1;
  const place = (share: number) => `${(share / scale) * 100}%`;
  const height = 22;
  return element(
    "div",
    { class: "intervals", role: "list" },
    ...rows.map(({ name, rate, style }) =>
      element(
        "div",
        {
          class: "interval",
          role: "listitem",
          "aria-label": `${name}: ${percentWords(rate.rate)}, ${intervalWords(rate)}`,
        },
        element("span", { class: "name" }, name),
        svg(
          "svg",
          { width: "100%", height, class: style, "aria-hidden": "true" },
          svg("line", { x1: 0, x2: "100%", y1: 11, y2: 11, class: "track" }),
          svg("line", { x1: place(rate.low), x2: place(rate.high), y1: 11, y2: 11, class: "band" }),
          style === "shaken"
            ? svg("circle", { cx: place(rate.rate), cy: 11, r: 5, class: "dot" })
            : svg("rect", {
                x: place(rate.rate),
                y: 6,
                width: 10,
                height: 10,
                class: "dot",
                transform: "translate(-5 0)",
              }),
        ),
      ),
    ),
    element(
      "div",
      { class: "scale", "aria-hidden": "true" },
      element("span", {}, "0"),
      element("span", {}, percentWords(scale / 2)),
      element("span", {}, percentWords(scale)),
    ),
  );
}
