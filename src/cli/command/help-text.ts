import type { FlagInfo } from "../flags/index.js";
import { paletteFor } from "../palette.js";
import type { CommandGroup, CommandInfo } from "./command.js";

/** Where help goes to: how wide, and whether coloured. */
interface HelpTarget {
  readonly columns?: number | undefined;
  readonly isTTY?: boolean | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;

const termWidth = 32;

/** The help of one command, from its flag table. */
export function helpOf(command: CommandInfo, path: string, target: HelpTarget, env: Env): string {
  const { bold } = paletteFor(target, env);
  const width = Math.min(120, Math.max(70, target.columns ?? 100));
  const blocks = [`${bold("Usage:")}  ${path} ${command.usage}`, `${command.summary}.`];
  for (const note of command.notes ?? []) blocks.push(wrap(note, width).join("\n"));
  for (const { title, flags } of command.sections) {
    const rows = flags.filter((flag) => flag.refusal === undefined);
    if (rows.length === 0) continue;
    blocks.push([bold(`${title}:`), ...rows.flatMap((flag) => flagLines(flag, width))].join("\n"));
  }
  const refused = command.sections.flatMap(({ flags }) => flags.filter((flag) => flag.refusal !== undefined));
  if (refused.length > 0) {
    const names = refused.map((flag) => `--${flag.name}`).join(", ");
    blocks.push(
      [
        bold("Flags of docker's that are refused, each with its reason:"),
        ...wrap(names, width - 2).map(indent),
      ].join("\n"),
    );
  }
  if (command.examples !== undefined) {
    blocks.push([bold("Examples:"), ...command.examples.map(indent)].join("\n"));
  }
  return `${blocks.join("\n\n")}\n`;
}

/** The help of a group: its commands, each with its summary. */
export function helpOfGroup(group: CommandGroup, path: string, target: HelpTarget, env: Env): string {
  const { bold } = paletteFor(target, env);
  const width = Math.min(120, Math.max(70, target.columns ?? 100));
  const longest = Math.max(...group.commands.map(({ name }) => name.length));
  const rows = group.commands.map(({ name, summary }) => `  ${name.padEnd(longest)}   ${summary}`);
  const usage = group.flags === undefined ? "COMMAND" : "[OPTIONS] COMMAND";
  const blocks = [`${bold("Usage:")}  ${path} ${usage}`, `${group.summary}.`];
  for (const note of group.notes ?? []) blocks.push(wrap(note, width).join("\n"));
  blocks.push([bold("Commands:"), ...rows].join("\n"));
  const flags = group.flags ?? [];
  const ownFlags: readonly FlagInfo[] = [
    ...flags,
    { name: "help", short: "h", help: "Print usage" },
    { name: "version", short: "v", help: "Print the version" },
  ];
  blocks.push([bold("Options:"), ...ownFlags.flatMap((flag) => flagLines(flag, width))].join("\n"));
  blocks.push(`See '${path} COMMAND --help' for more on a command.`);
  return `${blocks.join("\n\n")}\n`;
}

/** "-e, --env NAME[=VALUE]" */
export function flagTerm(flag: FlagInfo): string {
  const short = flag.short === undefined ? "    " : `-${flag.short}, `;
  return `${short}--${flag.name}${flag.placeholder === undefined ? "" : ` ${flag.placeholder}`}`;
}

function flagLines(flag: FlagInfo, width: number): string[] {
  const term = flagTerm(flag);
  const [first = "", ...rest] = wrap(flag.help, width - termWidth - 4);
  const margin = " ".repeat(termWidth + 4);
  const followers = rest.map((line) => `${margin}${line}`);
  if (term.length <= termWidth) return [`  ${term.padEnd(termWidth)}  ${first}`, ...followers];
  return [`  ${term}`, `${margin}${first}`, ...followers];
}

function indent(line: string): string {
  return `  ${line}`;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
