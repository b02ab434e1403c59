import type { ContainerInfo } from "../../../runtime/engine/index.js";
import { runLabel, seedLabel } from "../../container/labels.js";
import { printable } from "../../util/index.js";
import { defineCommand } from "../command/index.js";
import { switchFlag, valueFlag } from "../flags/index.js";
import { renderTable } from "../table.js";

interface PsDraft {
  isAll: boolean;
  isQuiet: boolean;
  isWhole: boolean;
  format: "table" | "json";
}

export const ps = defineCommand<PsDraft>({
  name: "ps",
  summary: "List the containers that nmzc runs",
  usage: "[OPTIONS]",
  sections: [
    {
      title: "Options",
      flags: [
        switchFlag({
          name: "all",
          short: "a",
          help: "Show those that have ended, too",
          apply: (on, draft) => {
            draft.isAll = on;
          },
        }),
        switchFlag({
          name: "quiet",
          short: "q",
          help: "Only print container IDs",
          apply: (on, draft) => {
            draft.isQuiet = on;
          },
        }),
        switchFlag({
          name: "no-trunc",
          help: "Do not shorten",
          apply: (on, draft) => {
            draft.isWhole = on;
          },
        }),
        valueFlag({
          name: "format",
          placeholder: "table|json",
          help: 'A table, or one JSON object a line (default "table")',
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
  maxArgs: 0,
  newDraft: () => ({ isAll: false, isQuiet: false, isWhole: false, format: "table" }),
  run: async ({ draft, context }) => {
    const engine = await context.services.openEngine();
    const found = await engine.listContainers({ all: draft.isAll, label: runLabel });
    const containers = [...found].sort((a, b) => b.createdSeconds - a.createdSeconds);
    const idOf = ({ id }: ContainerInfo): string => (draft.isWhole ? id : id.slice(0, 12));
    const rows = containers.map((container) => ({
      ID: idOf(container),
      Image: container.image,
      Command: `"${draft.isWhole ? container.command : shorten(container.command, 20)}"`,
      CreatedAt: new Date(container.createdSeconds * 1000).toISOString(),
      Status: container.status,
      Ports: container.ports,
      Names: container.name,
      Seed: container.labels[seedLabel] ?? "",
      Run: container.labels[runLabel] ?? "",
      Uptime: container.state === "running" ? uptime(container.createdSeconds) : "",
    }));
    if (draft.isQuiet) for (const row of rows) context.stdout.write(`${row.ID}\n`);
    else if (draft.format === "json")
      for (const row of rows) context.stdout.write(`${JSON.stringify(row)}\n`);
    else {
      const header = ["CONTAINER ID", "IMAGE", "COMMAND", "STATUS", "UPTIME", "PORTS", "NAMES", "SEED"];
      const cells = rows.map((row) => [
        row.ID,
        row.Image,
        row.Command,
        row.Status,
        row.Uptime,
        row.Ports,
        row.Names,
        row.Seed,
      ]);
      context.stdout.write(renderTable([header, ...cells].map((row) => row.map(onOneLine))));
    }
    return 0;
  },
});

/** An image may name any command: neither escape sequences nor line ends reach the terminal. */
function onOneLine(cell: string): string {
  return printable(cell).replaceAll("\n", "\\n").replaceAll("\t", " ");
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** How long the container has been shaken: "2h05m", "3m07s", "9s". */
function uptime(createdSeconds: number): string {
  const seconds = Math.max(0, Math.floor(Date.now() / 1000 - createdSeconds));
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h${two((seconds % 3600) / 60)}m`;
}
