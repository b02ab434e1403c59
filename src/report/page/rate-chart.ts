import type { ReportData, ReportPoint } from "../data/report-data.js";
import { countWords, groupedNumber, intervalWords, percentWords, timeWords } from "../words/numbers.js";
import { announce } from "./announce.js";
import { element, section, svg } from "./element.js";

const height = 240;
const margin = { top: 12, right: 12, bottom: 30, left: 48 };

interface Series {
  readonly name: string;
  readonly style: "shaken" | "plain";
  readonly points: readonly ReportPoint[];
}

/** How the estimate settled: the rate after so many runs, in its 95 % band. */
export function rateSection({ overTime }: ReportData): HTMLElement | undefined {
  const all: Series[] = [
    { name: "shaken", style: "shaken", points: overTime.fuzzed },
    { name: "plain", style: "plain", points: overTime.plain },
  ];
  const series = all.filter(({ points }) => points.length > 1);
  if (series.length === 0) return undefined;
  const figure = element("figure", { class: "rate-chart" });
  const draw = () => figure.replaceChildren(chart(series, figure.clientWidth || 720), readings(series));
  new ResizeObserver(draw).observe(figure);
  const legend = element(
    "p",
    { class: "legend" },
    ...series.map(({ name, style }) => element("span", { class: `key ${style}` }, name)),
    element("span", { class: "aside" }, "Line: the rate so far. Band: where the true rate lies with 95 %."),
  );
  return section("rate", "Rate over time", legend, figure, pointsTable(series));
}

function chart(series: readonly Series[], width: number): SVGElement {
  const lastRun = Math.max(...series.map(({ points }) => points.at(-1)!.of));
  const highest = Math.max(
    ...series.flatMap(({ points }) =>
      points.map((point) => (point.of < lastRun / 20 ? (point.of < 10 ? 0 : point.rate) : point.high)),
    ),
  );
  const top = [0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1].find((end) => end >= highest) ?? 1;
  const x = (runs: number) => margin.left + (runs / lastRun) * (width - margin.left - margin.right);
  const y = (share: number) =>
    height - margin.bottom - (Math.min(share, top) / top) * (height - margin.top - margin.bottom);
  const path = (values: readonly (readonly [number, number])[]) =>
    values
      .map(([runs, share], index) => `${index === 0 ? "M" : "L"}${x(runs).toFixed(1)} ${y(share).toFixed(1)}`)
      .join("");
  const summary = series
    .map(
      ({ name, points }) =>
        `${name}: ${percentWords(points.at(-1)!.rate)}, ${intervalWords(points.at(-1)!)}, after ${countWords(points.at(-1)!.of, "run")}`,
    )
    .join("; ");
  const cursor = svg("g", { class: "cursor", visibility: "hidden" });
  const root = svg(
    "svg",
    {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      tabindex: 0,
      "aria-label": `Rate over time. ${summary}. Left and right arrow keys read it point by point.`,
    },
    ...[0, 0.25, 0.5, 0.75, 1].flatMap((part) => [
      svg("line", {
        x1: margin.left,
        x2: width - margin.right,
        y1: y(top * part),
        y2: y(top * part),
        class: "grid",
      }),
      svg(
        "text",
        { x: margin.left - 8, y: y(top * part) + 4, "text-anchor": "end" },
        percentWords(top * part),
      ),
    ]),
    ...runTicks(lastRun, width).map((runs) =>
      svg(
        "text",
        { x: x(runs), y: height - 8, "text-anchor": runs === lastRun ? "end" : "middle" },
        runs === lastRun ? countWords(runs, "run") : groupedNumber(runs),
      ),
    ),
    ...series.map(({ points, style }) =>
      svg("path", {
        class: `band ${style}`,
        d: `${path(points.map(({ of, high }) => [of, high]))}${path([...points].reverse().map(({ of, low }) => [of, low])).replace("M", "L")}Z`,
      }),
    ),
    ...series.map(({ points, style }) =>
      svg("path", { class: `line ${style}`, d: path(points.map(({ of, rate }) => [of, rate])) }),
    ),
    cursor,
  );
  let reading = -1;
  const read = (runs: number) => {
    const lines = series.map(({ name, points, style }) => ({ name, style, point: pointAt(points, runs) }));
    cursor.replaceChildren(
      svg("line", { x1: x(runs), x2: x(runs), y1: margin.top, y2: height - margin.bottom }),
      ...lines.map(({ point, style }) =>
        svg("circle", { cx: x(point.of), cy: y(point.rate), r: 4, class: `dot ${style}` }),
      ),
    );
    cursor.setAttribute("visibility", "visible");
    const text = lines.map(
      ({ name, point }) =>
        `${name}: ${percentWords(point.rate)} (${intervalWords(point)}), ${point.failed} of ${point.of}, ${timeWords(point.atMs)}`,
    );
    root.parentElement
      ?.querySelector(".readings")
      ?.replaceChildren(...text.map((line) => element("span", {}, line)));
    return text.join("; ");
  };
  root.addEventListener("pointermove", (event) => {
    const at = (event.offsetX - margin.left) / (width - margin.left - margin.right);
    read(Math.round(Math.min(1, Math.max(0, at)) * lastRun));
  });
  root.addEventListener("pointerleave", () => cursor.setAttribute("visibility", "hidden"));
  root.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const { points } = series[0]!;
    reading = Math.min(points.length - 1, Math.max(0, (reading < 0 ? points.length - 1 : reading) + step));
    announce(`Run ${points[reading]!.of}. ${read(points[reading]!.of)}`);
  });
  return root;
}

function readings(series: readonly Series[]): HTMLElement {
  const last = series.map(
    ({ name, points }) =>
      `${name}: ${percentWords(points.at(-1)!.rate)} (${intervalWords(points.at(-1)!)}) after ${countWords(points.at(-1)!.of, "run")}`,
  );
  return element("figcaption", { class: "readings" }, ...last.map((line) => element("span", {}, line)));
}

function pointAt(points: readonly ReportPoint[], runs: number): ReportPoint {
  return points.findLast(({ of }) => of <= runs) ?? points[0]!;
}

function runTicks(lastRun: number, width: number): readonly number[] {
  const wanted = width < 500 ? 3 : 6;
  const rough = lastRun / wanted;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  const step = Math.max(1, [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? rough);
  const ticks: number[] = [];
  for (let runs = step; runs < lastRun - step / 2; runs += step) ticks.push(runs);
  return [...ticks, lastRun];
}

/** For those who read numbers rather than lines. */
function pointsTable(series: readonly Series[]): HTMLElement {
  const rows = series.flatMap(({ name, points }) => {
    const step = Math.max(1, Math.floor(points.length / 10));
    return points
      .filter((_, index) => (points.length - 1 - index) % step === 0)
      .map((point) =>
        element(
          "tr",
          {},
          ...[
            name,
            groupedNumber(point.of),
            String(point.failed),
            percentWords(point.rate),
            intervalWords(point),
            timeWords(point.atMs),
          ].map((cell, index) => element("td", { class: index === 0 ? "" : "number" }, cell)),
        ),
      );
  });
  const head = ["arm", "runs", "failed", "rate", "95 % interval", "after"].map((name) =>
    element("th", { scope: "col" }, name),
  );
  return element(
    "details",
    {},
    element("summary", {}, "As a table"),
    element(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "Rate over time as a table" },
      element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows)),
    ),
  );
}
