import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../util/index.js";
import { shownPath } from "./loop-summary.js";

interface CiPlace {
  readonly folder: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Whether a CI service runs us: GitHub, GitLab, Travis, Jenkins and the others set CI. */
export function isOnCi({ env }: Pick<CiPlace, "env">): boolean {
  const ci = env["CI"]?.toLowerCase();
  return ci !== undefined && ci !== "" && ci !== "0" && ci !== "false";
}

/**
 * Leaves junit.xml, report.md, report.html and result.env in the campaign's folder, and the Markdown on the job's page where there
 * is one (GITHUB_STEP_SUMMARY). Returns what to tell; a report that cannot be made changes no result.
 */
export async function reportForCi({ folder, cwd, env }: CiPlace): Promise<string> {
  try {
    const report = await import("../../report/index.js");
    const { data, timelines } = report.readReport(folder);
    const markdown = report.renderMarkdown(data);
    writeFileSync(join(folder, "report.md"), markdown);
    writeFileSync(join(folder, "junit.xml"), report.renderJunit(data));
    writeFileSync(join(folder, "result.env"), report.renderEnv(data));
    const page = env["GITHUB_STEP_SUMMARY"];
    if (page) appendFileSync(page, markdown);
    writeFileSync(
      join(folder, "report.html"),
      report.renderHtml(data, timelines, report.loadPageAssets(), markdown),
    );
    const shown = shownPath(folder, cwd);
    return `for CI: ${["junit.xml", "report.md", "report.html", "result.env"].map((name) => join(shown, name)).join(", ")}`;
  } catch (error) {
    return `not all reports for CI could be made: ${messageOf(error)}`;
  }
}
