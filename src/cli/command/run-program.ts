import { Command as Commander, CommanderError } from "commander";
import { NmzError, nearest } from "../../util/index.js";
import type { CliContext } from "../cli-context.js";
import { applyFlags, readFlags } from "../flags/index.js";
import type { Command, CommandGroup } from "./command.js";
import { helpOfGroup } from "./help-text.js";
import { versionLine } from "./version.js";

/**
 * Walks the command tree with commander and runs the command that the words name. Returns its exit code. Throws
 * NmzError for words that name none.
 */
export async function runProgram(
  program: CommandGroup,
  argv: readonly string[],
  context: CliContext,
): Promise<number> {
  let exitCode = 0;
  const root = addGroup(new Commander(program.name), program, program.name, context, (code) => {
    exitCode = code;
  });
  try {
    const words = takeProgramFlags(program, argv, context);
    await root.parseAsync(shieldWords(program, words), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw new NmzError(
      error.code === "commander.unknownOption" ? "NMZ_CLI_FLAG_UNKNOWN" : "NMZ_CLI_ARGUMENTS",
      error.message.replace(/^error: /, "").replace(/\n[\s\S]*$/, ""),
      { hint: `see '${program.name} --help'`, cause: error },
    );
  }
  return exitCode;
}

/** Applies the program's own flags, which stand before the command, and answers what follows them. */
function takeProgramFlags(
  program: CommandGroup,
  argv: readonly string[],
  context: CliContext,
): readonly string[] {
  const flags = program.flags ?? [];
  const rules = { path: program.name, isInterspersed: false, hasShortHelp: false };
  let rest = argv;
  while (flags.some(({ name }) => rest[0] === `--${name}` || rest[0]?.startsWith(`--${name}=`))) {
    const length = rest[0]!.includes("=") ? 1 : 2;
    applyFlags(readFlags(rest.slice(0, length), flags, rules).uses, context, rules);
    rest = rest.slice(length);
  }
  return rest;
}

function addGroup(
  commander: Commander,
  group: CommandGroup,
  path: string,
  context: CliContext,
  done: (exitCode: number) => void,
): Commander {
  const help = (): string => helpOfGroup(group, path, context.stdout, context.env);
  commander
    .exitOverride()
    .enablePositionalOptions()
    .version(versionLine(path).trim(), "-v, --version")
    .helpOption("-h, --help")
    .configureHelp({ formatHelp: help })
    .configureOutput({ writeOut: (text) => context.stdout.write(text), writeErr: () => {} })
    .argument("[words...]")
    .action(async (words: string[]) => {
      if (words.length > 0) throw unknownCommand(words[0]!, group, path);
      if (group.byDefault !== undefined) done(await group.byDefault.execute([], path, context));
      else context.stdout.write(help());
    });
  for (const child of group.commands) {
    const childPath = `${path} ${child.name}`;
    const sub = commander.command(child.name);
    if (child.kind === "group") addGroup(sub, child, childPath, context, done);
    else addCommand(sub, child, childPath, context, done);
  }
  return commander;
}

function addCommand(
  commander: Commander,
  command: Command,
  path: string,
  context: CliContext,
  done: (exitCode: number) => void,
): void {
  commander
    .helpOption(false)
    .argument("[words...]")
    .action(async (words: string[]) => done(await command.execute(words, path, context)));
}

/**
 * Puts `--` after the command's path, which commander takes away again without looking at what follows: the words of a
 * command are read by its own flag table. `help ps` is `ps --help`.
 */
function shieldWords(program: CommandGroup, argv: readonly string[]): readonly string[] {
  if (argv[0] === "help") return shieldWords(program, [...argv.slice(1), "--help"]);
  let node: Command | CommandGroup | undefined = program;
  for (const [index, word] of argv.entries()) {
    if (node.kind === "command") return [...argv.slice(0, index), "--", ...argv.slice(index)];
    node = node.commands.find((child) => child.name === word);
    if (node === undefined) return argv;
  }
  return argv;
}

function unknownCommand(word: string, group: CommandGroup, path: string): NmzError {
  const meant = nearest(
    word,
    group.commands.map((command) => command.name),
  );
  return new NmzError("NMZ_CLI_COMMAND_UNKNOWN", `unknown command: ${path} ${word}`, {
    exitCode: 1,
    hint: `${meant === undefined ? "" : `did you mean '${path} ${meant}'? `}see '${path} --help'`,
  });
}
