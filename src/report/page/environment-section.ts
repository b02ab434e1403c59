import type { ReportData } from "../data/report-data.js";
import { timeWords } from "../words/numbers.js";
import { copyable } from "./copy-button.js";
import { element, section } from "./element.js";

/** What one must have to see the same. */
export function environmentSection(data: ReportData): HTMLElement {
  const { environment, campaign, autopilot, notes } = data;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["nmzc", environment.nmzc],
    ["Node", environment.node],
    ["kernel", environment.kernel],
    ["CPUs", String(environment.cpus)],
    ["memory", `${(environment.memoryBytes / 2 ** 30).toFixed(1)} GiB`],
    ["engine", environment.engine],
    ["image", environment.image],
    ["image digest", environment.imageDigest],
    ["seed", campaign.seed],
    ["working folder", campaign.cwd],
    ["preset", campaign.preset],
    ["timeout", campaign.timeoutMs === undefined ? undefined : timeWords(campaign.timeoutMs)],
  ];
  return section(
    "environment",
    "Environment",
    copyable(campaign.command, "the campaign's command"),
    element(
      "dl",
      {},
      ...facts.flatMap(([name, value]) =>
        value === undefined ? [] : [element("dt", {}, name), element("dd", {}, value)],
      ),
    ),
    element(
      "details",
      {},
      element("summary", {}, "Effective config"),
      element(
        "pre",
        { tabindex: 0, "aria-label": "Effective config" },
        JSON.stringify(autopilot, undefined, 2),
      ),
    ),
    notes.length > 0 && element("ul", { class: "notes" }, ...notes.map((note) => element("li", {}, note))),
  );
}
