import {
  anyRuleKeys,
  type FaultKind,
  type FaultSubject,
  faultKindOf,
  faultKinds,
  faultNames,
  type KeyTable,
  matcherKeys,
} from "../../config/index.js";
import { NmzError, nearest } from "../../util/index.js";
import { defineCommand } from "../command/index.js";
import { paletteFor } from "../palette.js";
import { renderTable } from "../table.js";
import { type FormatDraft, formatSection } from "./policies/format-flag.js";

type Bold = (text: string) => string;

/** `nmz faults`: from the same table that reads `[[faults]]` and makes docs/faults.md. */
export const faults = defineCommand<FormatDraft>({
  name: "faults",
  summary: "List the faults that a config may ask for, or show all keys of one",
  usage: "[OPTIONS] [FAULT]",
  notes: [
    "A config names one as `fault` in an entry of [[faults]], beside every policy and in every command. An error of errno(3) is a fault by its own name: ENOSPC.",
  ],
  examples: ["nmz faults", "nmz faults partition", "nmz faults ENOSPC"],
  sections: [formatSection],
  isInterspersed: true,
  maxArgs: 1,
  newDraft: () => ({ format: "text" }),
  run: async ({ draft, args: [name], context: { stdout, env } }) => {
    const { bold } = paletteFor(stdout, env);
    const kinds: readonly (readonly [string, FaultKind])[] =
      name === undefined ? Object.entries(faultKinds) : [[name, requireKind(name)]];
    if (draft.format === "json") {
      stdout.write(`${JSON.stringify(kinds.map(asJson), undefined, 2)}\n`);
    } else if (name === undefined) {
      stdout.write(`${listed(kinds, bold)}\n\`nmz faults NAME\` shows all keys of one.\n`);
    } else stdout.write(shown(name, requireKind(name), bold));
    return 0;
  },
});

const subjects: readonly FaultSubject[] = ["packets", "files", "processes"];

function requireKind(name: string): FaultKind {
  const kind = faultKindOf(name);
  if (kind !== undefined) return kind;
  const meant = nearest(name, faultNames());
  throw new NmzError("NMZ_FAULT_UNKNOWN", `there is no fault "${name}"`, {
    exitCode: 1,
    hint: meant === undefined ? "`nmz faults` lists them" : `did you mean "${meant}"?`,
  });
}

function listed(kinds: readonly (readonly [string, FaultKind])[], bold: Bold): string {
  return subjects
    .map((subject) => {
      const own = kinds.filter(([, { on }]) => on === subject);
      return `${bold(subject)}\n${own.map(([name, kind]) => described(name, kind, bold)).join("")}`;
    })
    .join("\n");
}

function described(name: string, { meaning, settings }: FaultKind, bold: Bold): string {
  return `  ${bold(name)}  ${meaning.replaceAll("`", "")}\n${renderTable(rowsOf(settings, "    "))}`;
}

function shown(name: string, kind: FaultKind, bold: Bold): string {
  const { op, on } = kind;
  const where = op === undefined ? "" : `\nat ${op.join(", ")}, unless its rule names others\n`;
  return [
    `${bold(name)}  ${kind.meaning.replaceAll("`", "")}\n${renderTable(rowsOf(kind.settings))}${where}`,
    `${bold("keys of every rule")}\n${renderTable(rowsOf(anyRuleKeys))}`,
    `${bold(`keys of rules for ${on}`)}\n${renderTable(rowsOf(matcherKeys[on]))}`,
  ].join("\n");
}

function rowsOf(table: KeyTable, margin = "  "): string[][] {
  return Object.entries(table).map(([key, spec]) => [
    `${margin}${key}`,
    spec.defaultText?.replaceAll("`", "") ?? spec.write(spec.default),
    spec.choices === undefined || spec.type.startsWith("list") ? spec.type : spec.choices.join(" | "),
    spec.meaning.replaceAll("`", ""),
  ]);
}

function asJson([name, { on, meaning, settings, op }]: readonly [string, FaultKind]): object {
  const keys = { ...settings, ...anyRuleKeys, ...matcherKeys[on] };
  return {
    name,
    on,
    meaning,
    ...(op === undefined ? {} : { op }),
    keys: Object.entries(keys).map(([key, spec]) => ({
      key,
      type: spec.type,
      default: spec.default ?? null,
      meaning: spec.meaning,
    })),
  };
}
