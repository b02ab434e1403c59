import type { PolicyEntry } from "../../../policy/index.js";
import { renderTable } from "../../table.js";

/** Name, summary, and each parameter with its default, type and meaning. */
export function describePolicy(
  { name, summary, params }: PolicyEntry,
  bold: (text: string) => string,
): string {
  const rows = Object.entries(params).map(([key, spec]) => [
    `  ${key}`,
    spec.defaultText?.replaceAll("`", "") ?? spec.write(spec.default),
    spec.choices === undefined || spec.type.startsWith("list") ? spec.type : spec.choices.join(" | "),
    spec.meaning.replaceAll("`", ""),
  ]);
  const heading = summary === "" ? bold(name) : `${bold(name)}  ${summary.replaceAll("`", "")}`;
  return `${heading}\n${renderTable(rows)}`;
}

/** The same as plain data. */
export function policyAsJson({ name, summary, params }: PolicyEntry): object {
  return {
    name,
    summary,
    params: Object.entries(params).map(([key, spec]) => ({
      key,
      type: spec.type,
      default: spec.default ?? null,
      meaning: spec.meaning,
    })),
  };
}
