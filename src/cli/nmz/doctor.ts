import { EngineError } from "../../../runtime/engine/engine-error.js";
import { rootlessRemedy } from "../../../runtime/engine/rootless-remedy.js";
import type { Ability } from "../../abilities/index.js";
import { messageOf } from "../../util/index.js";
import type { CliContext } from "../cli-context.js";
import { defineCommand } from "../command/index.js";
import { valueFlag } from "../flags/index.js";
import { paletteFor } from "../palette.js";

interface DoctorDraft {
  format: "table" | "json";
}

export const doctor = defineCommand<DoctorDraft>({
  name: "doctor",
  summary: "Say what this machine can do, and how to get what is missing",
  usage: "[OPTIONS]",
  notes: ["Exits with 1 when something is missing that nmzc run cannot do without."],
  sections: [
    {
      title: "Options",
      flags: [
        valueFlag({
          name: "format",
          placeholder: "table|json",
          help: 'A table, or a JSON array (default "table")',
          completes: ["table", "json"],
          apply: (value, draft) => {
            if (value !== "table" && value !== "json") throw new Error("must be table or json");
            draft.format = value;
          },
        }),
      ],
    },
  ],
  isInterspersed: true,
  entersHost: "if-there",
  maxArgs: 0,
  newDraft: () => ({ format: "table" }),
  run: async ({ draft, context }) => {
    const rows = [...(await engineRows(context)), ...(await context.services.probeAbilities())];
    const isFit = rows.every((row) => row.isPresent || !row.isNeeded);
    if (draft.format === "json") context.stdout.write(`${JSON.stringify(rows, undefined, 2)}\n`);
    else context.stdout.write(renderRows(rows, isFit, context));
    return isFit ? 0 : 1;
  },
});

async function engineRows({ services }: CliContext): Promise<readonly Ability[]> {
  const name = "container engine";
  const neededFor = "everything";
  try {
    const { info } = await services.openEngine({ asksEverything: true });
    const detail = `${info.name}, API ${info.apiVersion}, ${info.foundBy}`;
    if (info.isRootless) {
      return [
        {
          name,
          isPresent: false,
          detail: `${detail}: it runs without root`,
          remedy: rootlessRemedy,
          neededFor,
          isNeeded: true,
        },
      ];
    }
    const cgroups = `v${info.cgroupVersion}, driver ${info.cgroupDriver}`;
    return [
      { name, isPresent: true, detail, remedy: undefined, neededFor, isNeeded: true },
      {
        name: "engine's cgroups",
        isPresent: true,
        detail: cgroups,
        remedy: undefined,
        neededFor,
        isNeeded: false,
      },
    ];
  } catch (error) {
    const remedy = error instanceof EngineError ? error.hint : undefined;
    return [{ name, isPresent: false, detail: messageOf(error), remedy, neededFor, isNeeded: true }];
  }
}

function renderRows(rows: readonly Ability[], isFit: boolean, { stdout, env }: CliContext): string {
  const { green, red, yellow, bold, dim } = paletteFor(stdout, env);
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.flatMap((row) => {
    const mark = row.isPresent ? green("✔") : row.isNeeded ? red("✖") : yellow("✖");
    const line = `${mark} ${bold(row.name.padEnd(width))}  ${row.detail}`;
    if (row.isPresent) return [line];
    const margin = " ".repeat(width + 4);
    const remedy = row.remedy === undefined ? [] : [`${margin}→ ${row.remedy}`];
    return [line, `${margin}${dim(`needed for: ${row.neededFor}`)}`, ...remedy];
  });
  const missing = rows.filter((row) => !row.isPresent).length;
  const verdict = isFit
    ? missing === 0
      ? "Everything is there."
      : `nmzc run works; ${missing} further ${missing === 1 ? "ability is" : "abilities are"} missing.`
    : "nmzc run cannot work on this machine yet.";
  return `${lines.join("\n")}\n\n${verdict}\n`;
}
