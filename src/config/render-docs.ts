import type { KeySpec, KeyTable } from "./key-table.js";
import { autopilotKeys } from "./keys.js";
import { packetMatchKeys } from "./packet-match-kind.js";

const opening = `# Configuration

An autopilot file says what is shaken and how: \`nmzc run --nmz-autopilot FILE …\`. It is TOML, YAML or JSON, by its
extension. Keys are case-insensitive; what the file does not say keeps its default, key by key. An unknown key or a
wrong type is an error that names file, line and key. \`nmz config show FILE\` prints every value and where it came from.

Durations are texts such as \`"80ms"\`, \`"1s"\`, \`"1m30s"\`; a bare number is nanoseconds. Published configs of Namazu work as
they are.

Without a file \`nmzc run\` turns all three inspectors on and uses the policy \`random\` with \`maxInterval = "20ms"\`.

This page is made from the table in \`src/config/keys.ts\`; a test compares the two.`;

/** docs/config.md, whole. */
export function renderConfigDocs(): string {
  const sections = new Map<string, KeyTable>();
  for (const [key, spec] of Object.entries<KeySpec<unknown>>(autopilotKeys)) {
    const section = key.includes(".") ? key.slice(0, key.indexOf(".")) : "";
    sections.set(section, {
      ...sections.get(section),
      [key.slice(section === "" ? 0 : section.length + 1)]: spec,
    });
  }
  const parts = [opening];
  for (const [section, table] of sections) {
    parts.push(`## ${section === "" ? "Top level" : `\`[${section}]\``}`, renderKeyTable(table));
  }
  parts.push("## An entry of `ethernet.match`", renderKeyTable(packetMatchKeys));
  parts.push(
    'Example: `match = [{ protocol = "tcp", ports = ["2888-3888"] }, { protocol = "udp", direction = "input" }]`.',
  );
  return `${parts.join("\n\n")}\n`;
}

/** A table of keys as Markdown. */
export function renderKeyTable(table: KeyTable): string {
  const rows = Object.entries(table).map(([key, spec]) => {
    const names = [key, ...(spec.aliases ?? []).map((alias) => alias.slice(alias.lastIndexOf(".") + 1))];
    const type =
      spec.choices === undefined || spec.type !== "string" ? spec.type : spec.choices.join(" \\| ");
    return `| ${names.map((name) => `\`${name}\``).join(", ")} | ${type} | ${byDefault(spec)} | ${spec.meaning} |`;
  });
  return ["| key | type | default | meaning |", "|---|---|---|---|", ...rows].join("\n");
}

function byDefault(spec: KeySpec<unknown>): string {
  return spec.defaultText ?? `\`${spec.write(spec.default)}\``;
}
