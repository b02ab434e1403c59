import type { KeyTable } from "./key-table.js";
import { autopilotKeys } from "./keys.js";
import type { LoadedAutopilot, Origin } from "./loaded-autopilot.js";
import { tomlKey, tomlText } from "./toml-text.js";

interface Line {
  /** Without a value the line is a comment. */
  readonly text: string;
  readonly origin: Origin;
}

/**
 * The whole configuration as TOML, ready to be loaded again, with a comment on each line that says where the value
 * came from: `# default`, `# preset`, `# shake.toml:12`.
 */
export function renderEffectiveConfig(loaded: LoadedAutopilot): string {
  const sections = new Map<string, Line[]>([["", []]]);
  const add = (section: string, text: string, origin: Origin | undefined): void => {
    if (!sections.has(section)) sections.set(section, []);
    sections.get(section)!.push({ text, origin: origin ?? { kind: "default" } });
  };
  const addTable = (table: KeyTable, values: Readonly<Record<string, unknown>>, prefix: string): void => {
    for (const [key, spec] of Object.entries(table)) {
      const dotted = `${prefix}${key}`;
      if (dotted === "explorePolicyParam") {
        addParams(loaded, addTable, add);
        continue;
      }
      const dot = dotted.lastIndexOf(".");
      const name = dotted.slice(dot + 1);
      const value = values[key];
      const text = value === undefined ? `# ${name} = ${spec.defaultText}` : `${name} = ${spec.write(value)}`;
      add(dotted.slice(0, Math.max(0, dot)), text, loaded.origins.get(dotted));
    }
  };
  addTable(autopilotKeys, loaded.values, "");
  const blocks = [...sections].map(([section, lines]) => renderSection(section, lines));
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function addParams(
  loaded: LoadedAutopilot,
  addTable: (table: KeyTable, values: Readonly<Record<string, unknown>>, prefix: string) => void,
  add: (section: string, text: string, origin: Origin | undefined) => void,
): void {
  const prefix = "explorePolicyParam";
  if (loaded.policyParams !== undefined) {
    addTable(loaded.policyParams.table, loaded.policyParams.values, `${prefix}.`);
    return;
  }
  for (const [key, value] of Object.entries(loaded.autopilot.explorePolicyParam)) {
    add(prefix, `${tomlKey(key)} = ${tomlText(value)}`, loaded.origins.get(`${prefix}.${key}`));
  }
}

function renderSection(section: string, lines: readonly Line[]): string {
  const width = Math.min(60, Math.max(0, ...lines.map(({ text }) => text.length)));
  const rendered = lines.map(({ text, origin }) => `${text.padEnd(width)}  # ${describeOrigin(origin)}`);
  return section === "" ? rendered.join("\n") : [`[${section}]`, ...rendered].join("\n");
}

/** `default`, `preset` or `FILE:LINE`. */
export function describeOrigin(origin: Origin): string {
  return origin.kind === "file" ? `${origin.file}:${origin.line}` : origin.kind;
}
