import type { ReportData, ReportTest } from "../data/report-data.js";
import { countWords, groupedNumber, intervalWords, percentWords, skippedWords } from "../words/numbers.js";
import { announce } from "./announce.js";
import { element, section, svg } from "./element.js";

/** Rows that are shown at first, and added each time: 10,000 at once are slow to lay out and nobody reads them. */
const pageRows = 100;

interface Column {
  readonly title: string;
  readonly isNumber: boolean;
  /** What sorting compares; names ascend at first, numbers descend. */
  readonly value: (test: ReportTest) => string | number;
  readonly cell: (test: ReportTest) => Node | string;
}

/** Each test's rate, the most often failed first; sorted by any column, and filtered by name. */
export function testsSection({ tests, skippedTests, plain }: ReportData): HTMLElement | undefined {
  if (tests.length === 0) return undefined;
  const highest = Math.max(...tests.map(({ rate }) => rate.high));
  const scale = [0.05, 0.1, 0.2, 0.5, 1].find((end) => end >= highest) ?? 1;
  const columns = columnsFor(plain !== undefined, scale);
  const failing = tests.filter(({ rate, plain }) => rate.failed > 0 || (plain?.failed ?? 0) > 0).length;
  const body = element("tbody");
  const count = element("p", { class: "aside", role: "status" });
  const more = element("button", { type: "button" }, "Show more");
  const search = element("input", {
    type: "search",
    id: "test-filter",
    placeholder: "part of a name",
    autocomplete: "off",
    spellcheck: "false",
  });
  const onlyFailing = element("input", { type: "checkbox", id: "test-failing" });
  if (failing > 0 && tests.length > 20) onlyFailing.checked = true;
  let sorted: { column: Column; descends: boolean } = {
    column: columns.find(({ title }) => title === "rate")!,
    descends: true,
  };
  let shown = pageRows;

  const headers = columns.map((column) => {
    const button = element("button", { type: "button" }, column.title);
    const header = element("th", { scope: "col", class: column.isNumber ? "number" : "" }, button);
    button.addEventListener("click", () => {
      const descends = sorted.column === column ? !sorted.descends : column.isNumber;
      sorted = { column, descends };
      render();
      announce(`Sorted by ${column.title}, ${descends ? "descending" : "ascending"}`);
    });
    return { column, header };
  });

  const render = () => {
    const words = search.value.trim().toLowerCase();
    const fitting = tests.filter(
      ({ name, rate, plain }) =>
        name.toLowerCase().includes(words) &&
        (!onlyFailing.checked || rate.failed > 0 || (plain?.failed ?? 0) > 0),
    );
    const direction = sorted.descends ? -1 : 1;
    const { value } = sorted.column;
    const rows = [...fitting].sort(
      (a, b) =>
        direction * compare(value(a), value(b)) || b.rate.rate - a.rate.rate || compare(a.name, b.name),
    );
    body.replaceChildren(...rows.slice(0, shown).map((test) => row(test, columns)));
    for (const { column, header } of headers) {
      const order = column !== sorted.column ? "none" : sorted.descends ? "descending" : "ascending";
      header.setAttribute("aria-sort", order);
    }
    more.hidden = rows.length <= shown;
    const cut = rows.length > shown ? `, the first ${groupedNumber(shown)} shown` : "";
    count.textContent = `${groupedNumber(rows.length)} of ${countWords(tests.length, "test")}${cut}`;
  };
  const narrow = () => {
    shown = pageRows;
    render();
  };
  search.addEventListener("input", narrow);
  onlyFailing.addEventListener("change", narrow);
  more.addEventListener("click", () => {
    shown += pageRows;
    render();
  });
  render();

  const table = element(
    "table",
    { class: "tests" },
    element("thead", {}, element("tr", {}, ...headers.map(({ header }) => header))),
    body,
  );
  return section(
    "tests",
    "Tests",
    element(
      "p",
      {},
      `${failing === 0 ? "None" : groupedNumber(failing)} of ${countWords(tests.length, "test")} failed at least once.${skippedWords(skippedTests)}`,
    ),
    element(
      "div",
      { class: "controls" },
      element("label", { for: "test-filter" }, "Filter", search),
      element("label", { for: "test-failing" }, onlyFailing, "only those that failed"),
    ),
    element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Tests" }, table),
    count,
    more,
  );
}

function columnsFor(hasPlain: boolean, scale: number): readonly Column[] {
  const columns: Column[] = [
    { title: "test", isNumber: false, value: ({ name }) => name, cell: ({ name }) => testName(name) },
    {
      title: "ran",
      isNumber: true,
      value: ({ rate }) => rate.of,
      cell: ({ rate }) => groupedNumber(rate.of),
    },
    {
      title: "failed",
      isNumber: true,
      value: ({ rate }) => rate.failed,
      cell: ({ rate }) => groupedNumber(rate.failed),
    },
    {
      title: "rate",
      isNumber: true,
      value: ({ rate }) => rate.rate,
      cell: ({ rate }) => percentWords(rate.rate),
    },
    {
      title: "95 % interval",
      isNumber: true,
      value: ({ rate }) => rate.high,
      cell: ({ rate }) => whisker(rate, scale),
    },
  ];
  if (!hasPlain) return columns;
  return [
    ...columns,
    {
      title: "plain",
      isNumber: true,
      value: ({ plain }) => plain?.rate ?? -1,
      cell: ({ plain }) =>
        plain === undefined ? "–" : `${groupedNumber(plain.failed)} of ${groupedNumber(plain.of)}`,
    },
  ];
}

/** Wraps where a name has a joint, and not in the middle of a word. */
function testName(name: string): Node {
  const parts = name.split(/(?<=[.>/:_])/);
  return element(
    "span",
    { class: "name" },
    ...parts.flatMap((part) => [part, document.createElement("wbr")]),
  );
}

/** All tests' on one scale, from 0 to `scale`. */
function whisker(rate: ReportTest["rate"], scale: number): Node {
  const x = (share: number) => (share / scale) * 72;
  const picture = svg(
    "svg",
    { width: 72, height: 12, viewBox: "0 0 72 12", class: "shaken whisker", "aria-hidden": "true" },
    svg("line", { x1: 0, x2: 72, y1: 6, y2: 6, class: "track" }),
    svg("line", { x1: x(rate.low), x2: x(rate.high), y1: 6, y2: 6, class: "band" }),
    svg("circle", { cx: Math.min(69, Math.max(3, x(rate.rate))), cy: 6, r: 3, class: "dot" }),
  );
  return element("span", { class: "with-whisker" }, intervalWords(rate), picture);
}

function row(test: ReportTest, columns: readonly Column[]): HTMLElement {
  const [first, ...rest] = columns;
  return element(
    "tr",
    { class: test.rate.failed > 0 ? "failed" : "" },
    element("th", { scope: "row" }, first!.cell(test)),
    ...rest.map(({ isNumber, cell }) => element("td", { class: isNumber ? "number" : "" }, cell(test))),
  );
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}
