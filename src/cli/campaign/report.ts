import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Report } from "../../report/index.js";
import { messageOf, NmzError, printable } from "../../util/index.js";
import type { CliContext } from "../cli-context.js";
import { defineCommand } from "../command/index.js";
import { valueFlag, word } from "../flags/index.js";

const formats = ["html", "md", "json", "junit", "github", "env"] as const;

type Format = (typeof formats)[number];

interface ReportDraft {
  format: Format | undefined;
  output: string | undefined;
}

export const report = defineCommand<ReportDraft>({
  name: "report",
  summary:
    "Make a report of what `loop` found: a page, Markdown, JSON, JUnit XML, GitHub's annotations or NAME=value lines",
  usage: "[OPTIONS] CAMPAIGN",
  notes: [
    "CAMPAIGN is the folder that `loop` named; it may still go on. The page is one file that opens from disk and asks the network for nothing: rates, failures with their output and how to have them again, tests, a failing run's timeline beside a passing one's, and what predicts failure. Without --output the page goes to CAMPAIGN/report.html, and any other format to standard output.",
  ],
  examples: ["nmzc report out", "nmzc report -o report.html out", "nmzc report --format md out"],
  sections: [
    {
      title: "Options",
      flags: [
        valueFlag({
          name: "output",
          short: "o",
          placeholder: "FILE",
          help: "Where it is written; - is standard output",
          completes: "file",
          isWritten: true,
          apply: (value, draft) => {
            draft.output = word(value);
          },
        }),
        valueFlag({
          name: "format",
          placeholder: formats.join("|"),
          help: "What it is (default html, or what the output file's name says)",
          completes: formats,
          apply: (value, draft) => {
            draft.format = formats.find((each) => each === value);
            if (draft.format === undefined) throw new Error(`no format "${value}" (${formats.join(", ")})`);
          },
        }),
      ],
    },
  ],
  completes: "folder",
  isInterspersed: true,
  minArgs: 1,
  maxArgs: 1,
  newDraft: () => ({ format: undefined, output: undefined }),
  run: async ({ draft, args, context }) => {
    const folder = resolve(context.cwd, args[0]!);
    const format = draft.format ?? formatOfName(draft.output) ?? "html";
    const { readReport } = await import("../../report/index.js");
    const text = await render(
      readReport(folder, {
        hasTimelines: format === "html",
        hasTraces: format !== "github" && format !== "env",
      }),
      format,
    );
    const output = draft.output ?? (format === "html" ? join(folder, "report.html") : "-");
    if (output === "-") context.stdout.write(text);
    else writeReport(resolve(context.cwd, output), text, context);
    return 0;
  },
});

async function render({ data, timelines }: Report, format: Format): Promise<string> {
  const reports = await import("../../report/index.js");
  switch (format) {
    case "html":
      return reports.renderHtml(data, timelines, reports.loadPageAssets(), reports.renderMarkdown(data));
    case "md":
      return reports.renderMarkdown(data);
    case "json":
      return reports.renderJson(data);
    case "junit":
      return reports.renderJunit(data);
    case "github":
      return reports.renderAnnotations(data);
    case "env":
      return reports.renderEnv(data);
  }
}

function formatOfName(output: string | undefined): Format | undefined {
  const [, ending] = /\.(html|md|json|xml)$/.exec(output ?? "") ?? [];
  return ending === "xml" ? "junit" : formats.find((each) => each === ending);
}

/** Whole or not at all: a CI server may fetch it at any moment. */
function writeReport(path: string, text: string, { stderr }: CliContext): void {
  const draft = `${path}.new`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new NmzError("NMZ_REPORT_WRITE", `cannot write ${path}: ${messageOf(error)}`, {
      exitCode: 1,
      hint: "give --output a file that can be written",
      cause: error,
    });
  }
  stderr.write(`nmz: ${printable(path)}\n`);
}
