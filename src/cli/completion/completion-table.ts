import type { Command, CommandGroup } from "../command/index.js";
import type { FlagInfo } from "../flags/index.js";

/** A place in the command tree, as the completion scripts know it. */
export interface CompletionNode {
  /** "nmzc", "run", "config show": the same for `nmzc run`, `nmzc container run` and `nmz container run`. */
  readonly key: string;
  readonly commands: readonly { readonly name: string; readonly summary: string; readonly key: string }[];
  readonly flags: readonly FlagInfo[];
  readonly isInterspersed: boolean;
  readonly completes: FlagInfo["completes"];
}

const help: FlagInfo = { name: "help", help: "Print usage" };
const version: FlagInfo = { name: "version", short: "v", help: "Print the version" };

/** Every place of both programs, each once. */
export function completionNodes(programs: readonly CommandGroup[]): readonly CompletionNode[] {
  const nodes = new Map<string, CompletionNode>();
  const visit = (node: Command | CommandGroup, key: string, isProgram: boolean): void => {
    if (nodes.has(key)) return;
    if (node.kind === "command") {
      const flags = node.sections
        .flatMap((section) => section.flags)
        .filter((flag) => flag.refusal === undefined);
      const { isInterspersed, completes } = node;
      nodes.set(key, { key, commands: [], flags: [...flags, help], isInterspersed, completes });
      return;
    }
    // `nmzc run` and `nmz container run` are the same command, so neither name is part of the key.
    const prefix = isProgram || node.name === "container" ? "" : `${key} `;
    const commands = node.commands.map(({ name, summary }) => ({ name, summary, key: `${prefix}${name}` }));
    nodes.set(key, {
      key,
      commands,
      flags: isProgram ? [...(node.flags ?? []), help, version] : [help],
      isInterspersed: true,
      completes: undefined,
    });
    for (const [index, child] of node.commands.entries()) visit(child, commands[index]!.key, false);
  };
  for (const program of programs) visit(program, program.name, true);
  return [...nodes.values()];
}

/** "-e" and "--env", "-pid" where one dash will do, and the old spellings too: what may stand before a value. */
export function spellings(flag: FlagInfo): readonly string[] {
  const short = flag.short === undefined ? [] : [`-${flag.short}`];
  const single = flag.hasSingleDash === true ? [`-${flag.name}`] : [];
  return [...short, ...single, `--${flag.name}`, ...(flag.aliases ?? []).map((alias) => `--${alias}`)];
}
