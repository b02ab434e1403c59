import {
  anyRuleKeys,
  type FaultSubject,
  faultKinds,
  matcherKeys,
  renderKeyTable,
} from "../../config/index.js";

const begin = "<!-- made from src/config/fault-kinds.ts -->";
const end = "<!-- end of what is made -->";

/** docs/faults.md with the part that comes from the tables made anew; the rest stays as it is. Throws where the marks are missing. */
export function renderFaultDocs(page: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/faults.md has no "${begin}" … "${end}"`);
  return `${page.slice(0, from)}${begin}\n\n${made()}\n\n${page.slice(to)}`;
}

function made(): string {
  const subjects: readonly FaultSubject[] = ["packets", "files", "processes"];
  const rows = Object.entries(faultKinds).map(([name, { on, meaning, settings }]) => {
    const own = Object.entries(settings).map(
      ([key, spec]) => `\`${key}\` (${spec.defaultText ?? spec.write(spec.default)}): ${spec.meaning}`,
    );
    return `| \`${name}\` | ${on} | ${meaning} | ${own.join("; ")} |`;
  });
  return [
    "| fault | on | what happens | its own keys, with defaults |\n|---|---|---|---|",
    ...rows,
    "\nKeys of every rule:\n",
    renderKeyTable(anyRuleKeys),
    ...subjects.flatMap((subject) => [
      `\nKeys of rules for ${subject}:\n`,
      renderKeyTable(matcherKeys[subject]),
    ]),
  ].join("\n");
}
