/**
 * The report's page: built in the browser from the data that lies in it, of text nodes only. Knows of src/report's data
 * and words, and of no Node; scripts/bundle.ts makes one script of it, which goes into each report.
 */
import type { ReportData } from "../data/report-data.js";
import type { PackedTimelines } from "../timeline/timeline-format.js";
import { element } from "./element.js";
import { environmentSection } from "./environment-section.js";
import { failuresSection } from "./failures-section.js";
import { predictorsSection } from "./predictors-section.js";
import { rateSection } from "./rate-chart.js";
import { testsSection } from "./tests-section.js";
import { themeButton } from "./theme.js";
import { timelineSection } from "./timeline/timeline-section.js";
import { togetherSection } from "./together-section.js";
import { tuningSection } from "./tuning-section.js";
import { verdictSection } from "./verdict-section.js";

const { data, timelines } = JSON.parse(document.getElementById("report")!.textContent) as {
  readonly data: ReportData;
  readonly timelines: PackedTimelines;
};

const timeline = timelineSection(timelines);
const sections = [
  rateSection(data),
  failuresSection(data),
  testsSection(data),
  togetherSection(data),
  timeline?.root,
  predictorsSection(
    data,
    (predictor) => timelines.timelines.some(({ marks }) => (marks[predictor]?.length ?? 0) > 0),
    (predictor) => timeline?.showPredictor(predictor),
  ),
  tuningSection(data),
  environmentSection(data),
].filter((each) => each !== undefined);

const names: Readonly<Record<string, string>> = {
  rate: "Rate",
  failures: "Failures",
  tests: "Tests",
  together: "Together",
  timeline: "Timeline",
  predictors: "Predictors",
  tuning: "Tuning",
  environment: "Environment",
};
const links = sections.map(({ id }) => element("li", {}, element("a", { href: `#${id}` }, names[id] ?? id)));
document.body.append(
  element("a", { class: "skip", href: "#main" }, "Skip to the report"),
  element(
    "header",
    { class: "page" },
    element("span", { class: "brand" }, "nmzc report"),
    element("nav", { "aria-label": "Sections" }, element("ul", {}, ...links)),
    themeButton(() => timeline?.redraw()),
  ),
  element("main", { id: "main", tabindex: -1 }, verdictSection(data), ...sections),
  element(
    "footer",
    { class: "page" },
    `Made by nmzc ${data.environment.nmzc}. This file asks the network for nothing.`,
  ),
);
