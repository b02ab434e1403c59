import type { ReportData, ReportExample, ReportFailure } from "../data/index.js";
import {
  countWords,
  intervalWords,
  percentWords,
  probabilityWords,
  skippedWords,
  tuningWords,
  verdictWords,
} from "../words/index.js";
import { cellText, codeBlock, codeSpan, htmlText } from "./markdown-text.js";

/** A job's page takes 1 MiB in all, and its readers less. */
const mostFailures = 8;
const mostTests = 15;
const mostPredictors = 5;
const mostTailLines = 25;

/** A report for a job's page, a merge request or a bug tracker: short, the rest is in the page. */
export function renderMarkdown(data: ReportData): string {
  const { headline, rate, comparison, remarks, tone } = verdictWords(data);
  const { campaign } = data;
  const parts = [
    `## ${tone === "bad" ? "❌" : tone === "good" ? "✅" : "❔"} ${headline}`,
    [rate === "" ? undefined : `**${rate}**`, codeSpan(campaign.test)].filter(Boolean).join(" · "),
    ...(comparison === undefined ? [] : [comparison]),
    ...(remarks.length === 0 ? [] : [remarks.join(" ")]),
    ...failures(data),
    ...tests(data),
    ...together(data),
    ...predictors(data),
    ...tuning(data),
    environment(data),
    ...(data.notes.length === 0 ? [] : [data.notes.map((note) => `- ${htmlText(note)}`).join("\n")]),
  ];
  return `${parts.join("\n\n")}\n`;
}

function failures({ failures, plain, outcome }: ReportData): readonly string[] {
  const isNewTold = outcome?.failOn === "new";
  if (failures.length === 0) return [];
  const left = failures.length - mostFailures;
  return [
    "### Failures",
    ...failures
      .slice(0, mostFailures)
      .map((failure) => failureDetails(failure, plain !== undefined, isNewTold)),
    ...(left > 0 ? [`${countWords(left, "more failure")}.`] : []),
  ];
}

function failureDetails(failure: ReportFailure, hasPlain: boolean, isNewTold: boolean): string {
  const { title, tests, runs, plainRuns, examples, frames, outputTail, earlier, id } = failure;
  const [example] = examples;
  const where =
    tests.length === 0
      ? "the run itself"
      : `${codeSpan(tests[0]!)}${tests.length > 1 ? ` and ${countWords(tests.length - 1, "more test")}` : ""}`;
  const lines = [
    `${where}; signature ${codeSpan(id)}${hasPlain ? `; ${plainRuns === 0 ? "never in a plain run" : `${plainRuns} of them plain`}` : ""}`,
    ...earlier
      .slice(0, 3)
      .map(
        ({ campaign, kind }) =>
          `${kind === "same" ? "Same failure as" : "Much like one"} in ${codeSpan(campaign)}.`,
      ),
    ...(example === undefined ? [] : [again(example)]),
    ...(frames.length === 0 ? [] : [codeBlock(frames.map((frame) => `at ${frame}`).join("\n"))]),
    ...(outputTail ? [codeBlock(outputTail.split("\n").slice(-mostTailLines).join("\n"))] : []),
  ];
  return `<details><summary>${countWords(runs, "run")}${isNewTold && failure.isNew ? ", new" : ""}: <b>${htmlText(title) || "(no message)"}</b></summary>\n\n${lines.join("\n\n")}\n\n</details>`;
}

function again({ replayCommand, seedCommand }: ReportExample): string {
  const commands = [replayCommand, seedCommand].filter((command) => command !== undefined);
  return commands.length === 0 ? "How it was shaken is not kept." : codeBlock(commands.join("\n"), "sh");
}

function tests({ tests, skippedTests, plain, fuzzed }: ReportData): readonly string[] {
  const failing = tests.filter((test) => test.rate.failed > 0 || (test.plain?.failed ?? 0) > 0);
  if (failing.length === 0) {
    if (tests.length === 0) return [];
    const none = `None of ${countWords(tests.length, "test")} failed`;
    const failedRuns = fuzzed.rate.failed + (plain?.rate.failed ?? 0);
    const why = failedRuns === 0 ? "." : ": the runs failed outside of them.";
    return [`${none}${why}${skippedWords(skippedTests)}`];
  }
  const rows = failing
    .slice(0, mostTests)
    .map(({ name, rate, plain }) => [
      cellText(name),
      `${rate.failed} of ${rate.of}`,
      percentWords(rate.rate),
      intervalWords(rate),
      ...(plain === undefined ? [] : [`${plain.failed} of ${plain.of}`]),
    ]);
  const head = ["test", "failed", "rate", "95 % interval", ...(plain === undefined ? [] : ["plain"])];
  const left = failing.length - mostTests;
  return [
    `### Tests that failed: ${failing.length} of ${tests.length}`,
    table(head, rows),
    ...(left > 0 ? [`${countWords(left, "more test")}.`] : []),
  ];
}

function together({ together }: ReportData): readonly string[] {
  if (together.length === 0) return [];
  const lines = together
    .slice(0, 5)
    .map(
      ({ tests, together, any }) =>
        `- ${tests.slice(0, 8).map(codeSpan).join(", ")}${tests.length > 8 ? ", …" : ""}: together in ${together} of ${countWords(any, "run")}`,
    );
  return ["### Tests that fail together", lines.join("\n")];
}

function predictors({ predictors: { list, runs } }: ReportData): readonly string[] {
  if (list.length === 0) return [];
  const rows = list
    .slice(0, mostPredictors)
    .map((each) => [
      cellText(each.words),
      `${each.withFailed} of ${each.withFailed + each.withPassed}`,
      `${each.withoutFailed} of ${each.withoutFailed + each.withoutPassed}`,
      probabilityWords("q", each.qValue),
    ]);
  return [
    `### What predicts failure, of ${countWords(runs, "recorded run")}`,
    table(["what", "fails with it", "without", "chance"], rows),
  ];
}

function tuning({ tuning }: ReportData): readonly string[] {
  if (tuning === undefined) return [];
  const rows = tuning.tried.map(({ choice, meaning, rate }) => [
    choice === tuning.chosen ? `**${cellText(choice)}**` : cellText(choice),
    cellText(meaning),
    `${rate.failed} of ${rate.of}`,
    ...[percentWords(rate.rate), intervalWords(rate)],
  ]);
  return [
    ...["### Tuning", tuningWords(tuning)],
    table(["preset", "what it does", "failed", "rate", "95 % interval"], rows),
  ];
}

function environment({ environment, campaign }: ReportData): string {
  const { nmzc, node, kernel, cpus, engine, image, imageDigest } = environment;
  const facts = [
    `nmzc ${nmzc}`,
    `Node ${node}`,
    `kernel ${kernel}`,
    countWords(cpus, "CPU"),
    engine,
    image,
    imageDigest,
    `seed ${campaign.seed}`,
  ];
  const told = facts
    .filter((fact) => fact !== undefined)
    .map(codeSpan)
    .join(" · ");
  return `<details><summary>Environment</summary>\n\n${told}\n\n${codeBlock(campaign.command, "sh")}\n\n</details>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, index) => (index === 0 ? "---" : "---:"));
  return [head, rule, ...rows].map(line).join("\n");
}
