import { type EngineDifference, engineDifferences } from "./engine-differences.js";

const begin = "<!-- differences: made by npm run docs -->";
const end = "<!-- end of differences -->";

/** docs/engines.md with the table put in between its two marks. Throws when they are not there. */
export function renderEngineDocs(page: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/engines.md lacks "${begin}" or "${end}"`);
  return `${page.slice(0, from)}${begin}\n\n${table()}\n\n${page.slice(to)}`;
}

function table(): string {
  return [
    "| | Docker Engine | Podman | why | what nmzc does |",
    "|---|---|---|---|---|",
    ...engineDifferences.map(row),
  ].join("\n");
}

function row({ id, docker, podman, reason, remedy }: EngineDifference): string {
  return `| ${[id, docker, podman, reason, remedy ?? "nothing"].map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
