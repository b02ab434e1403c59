import type { ReportData, ReportExample, ReportFailure } from "../data/report-data.js";
import { countWords, groupedNumber } from "../words/numbers.js";
import { copyable } from "./copy-button.js";
import { element, section } from "./element.js";

/** Failures by what they said, the most frequent first; each with its output, its stack and how to have it again. */
export function failuresSection(data: ReportData): HTMLElement | undefined {
  const { failures } = data;
  if (failures.length === 0) return undefined;
  return section(
    "failures",
    "Failures",
    element(
      "p",
      {},
      `${failures.length === 1 ? "One kind of failure" : `${groupedNumber(failures.length)} kinds of failure`}, told apart by message and stack without addresses, numbers and times.`,
    ),
    ...failures.map((failure, index) => card(failure, index < 3, data.plain !== undefined)),
  );
}

function card(failure: ReportFailure, isOpen: boolean, hasPlain: boolean): HTMLElement {
  const { id, title, tests, runs, plainRuns, frames, examples, outputTail, earlier } = failure;
  const where = tests.length === 0 ? "the run itself" : tests[0]!;
  const others = tests.length > 1 ? ` and ${countWords(tests.length - 1, "more test")}` : "";
  return element(
    "details",
    { class: "failure", id: `failure-${id}`, open: isOpen },
    element(
      "summary",
      {},
      element("span", { class: "count" }, countWords(runs, "run")),
      element("span", { class: "title" }, title || "(no message)"),
      element("span", { class: "where" }, `${where}${others}`),
    ),
    element(
      "div",
      { class: "body" },
      element(
        "p",
        { class: "aside" },
        [
          `Signature ${id}`,
          `first in run ${failure.firstRun}, last in run ${failure.lastRun}`,
          ...(hasPlain
            ? [plainRuns === 0 ? "never in a plain run" : `${countWords(plainRuns, "plain run")} among them`]
            : []),
          ...earlier.map(
            ({ campaign, kind }) => `${kind === "same" ? "same failure as" : "much like one"} in ${campaign}`,
          ),
        ].join(" · "),
      ),
      tests.length > 1 &&
        element(
          "ul",
          { class: "tests-of" },
          ...tests.slice(0, 20).map((test) => element("li", {}, test)),
          tests.length > 20 && element("li", {}, `and ${tests.length - 20} more`),
        ),
      ...again(examples),
      frames.length > 0 && block("Stack", frames.map((frame) => `at ${frame}`).join("\n")),
      outputTail !== undefined &&
        outputTail !== "" &&
        block(`End of the output of run ${examples[0]?.run ?? failure.firstRun}`, outputTail),
    ),
  );
}

function again(examples: readonly ReportExample[]): readonly (Node | undefined)[] {
  const [first, ...more] = examples;
  if (first === undefined) return [];
  const { run, replayCommand, seedCommand } = first;
  const others = more.map((example) => ({
    run: example.run,
    command: example.replayCommand ?? example.seedCommand,
  }));
  return [
    element("h3", {}, "Have it again"),
    replayCommand === undefined
      ? undefined
      : command(`The recorded decisions of run ${run}, on this machine:`, replayCommand, `replay run ${run}`),
    seedCommand === undefined
      ? undefined
      : command(`The same seed, on any machine (run ${run}):`, seedCommand, `run ${run} with its seed`),
    more.length === 0
      ? undefined
      : element(
          "details",
          {},
          element("summary", {}, countWords(more.length, "more run")),
          ...others.map((each) =>
            each.command === undefined
              ? undefined
              : command(`Run ${each.run}`, each.command, `have run ${each.run} again`),
          ),
        ),
  ];
}

function command(how: string, text: string, purpose: string): HTMLElement {
  return element("div", {}, element("p", { class: "how" }, how), copyable(text, purpose));
}

function block(title: string, text: string): HTMLElement {
  return element(
    "div",
    {},
    element("h3", {}, title),
    element("pre", { tabindex: 0, "aria-label": title }, text),
  );
}
