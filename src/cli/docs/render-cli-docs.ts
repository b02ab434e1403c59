import type { Command, CommandGroup } from "../command/index.js";
import type { FlagInfo } from "../flags/index.js";

const opening = `# Command line

\`nmzc\` runs containers with docker's own words; \`nmz\` is everything, and \`nmzc run\` is \`nmz container run\`. Flags may come in
any order before the image, and nothing after it is read as a flag. A switch takes a value only after \`=\`
(\`--rm=false\`); single letters combine (\`-itv /a:/b\`); \`--\` ends the flags.

Exit codes: the workload's own; 125 is a failure of nmzc's own, 126 a command that cannot be invoked, 127 one that is not
found. Errors go to stderr, with a hint at what to do; \`NMZ_DEBUG=1\` adds the stack, \`NO_COLOR=1\` takes the colours away.

This page is made from the tables in \`src/cli\` by \`npm run docs\`; a test compares the two.`;

/** docs/cli.md, whole. */
export function renderCliDocs(programs: readonly CommandGroup[]): string {
  const places = new Map<Command, string[]>();
  const visit = (node: Command | CommandGroup, path: string): void => {
    if (node.kind === "command") places.set(node, [...(places.get(node) ?? []), path]);
    else for (const child of node.commands) visit(child, `${path} ${child.name}`);
  };
  for (const program of programs) visit(program, program.name);
  const sections = [...places].map(([command, paths]) => renderCommand(command, paths));
  return `${[opening, ...programFlags(programs), ...sections].join("\n\n")}\n`;
}

/** Those of both programs, which are the same. */
function programFlags([program]: readonly CommandGroup[]): readonly string[] {
  if (program?.flags === undefined) return [];
  return [
    "## Before the command",
    "`nmzc [OPTIONS] COMMAND`, and the same of `nmz`.",
    renderFlags(program.flags),
  ];
}

function renderCommand(command: Command, [path = "", ...others]: readonly string[]): string {
  const flags = command.sections.flatMap((section) => section.flags);
  const blocks = [`## ${path}`, `\`${`${path} ${command.usage}`.trim()}\``, `${command.summary}.`];
  if (others.length > 0) blocks.push(`Also: ${others.map((other) => `\`${other}\``).join(", ")}.`);
  blocks.push(...(command.notes ?? []));
  if (command.examples !== undefined) blocks.push(`\`\`\`sh\n${command.examples.join("\n")}\n\`\`\``);
  for (const { title, flags: rows } of command.sections) {
    const supported = rows.filter((flag) => flag.refusal === undefined);
    if (supported.length > 0) blocks.push(`### ${title}`, renderFlags(supported));
  }
  const refused = flags.filter((flag) => flag.refusal !== undefined);
  if (refused.length > 0) blocks.push("### Refused flags of docker's", renderRefused(refused));
  return blocks.join("\n\n");
}

function renderFlags(flags: readonly FlagInfo[]): string {
  const rows = flags.map((flag) => {
    const value = flag.placeholder === undefined ? "" : code(flag.placeholder);
    const help = flag.isRepeatable ? `${flag.help} (repeatable)` : flag.help;
    return `| ${names(flag)} | ${value} | ${escapeCell(help)} |`;
  });
  return ["| flag | value | what it does |", "|---|---|---|", ...rows].join("\n");
}

function renderRefused(flags: readonly FlagInfo[]): string {
  const rows = flags.map((flag) => `| ${names(flag)} | ${escapeCell(flag.refusal ?? "")} |`);
  return ["| flag | why |", "|---|---|", ...rows].join("\n");
}

function names(flag: FlagInfo): string {
  const short = flag.short === undefined ? [] : [`-${flag.short}`];
  return [...short, `--${flag.name}`, ...(flag.aliases ?? []).map((alias) => `--${alias}`)]
    .map(code)
    .join(", ");
}

function code(text: string): string {
  return `\`${escapeCell(text)}\``;
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}
