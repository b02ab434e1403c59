import type { GivenPath } from "../../container/from-inside/require-shared.js";
import { NmzError } from "../../util/index.js";
import type { CliContext } from "../cli-context.js";
import {
  applyFlags,
  type Flag,
  type FlagInfo,
  type FlagRules,
  type FlagSection,
  type FlagUse,
  readFlags,
} from "../flags/index.js";
import { helpOf } from "./help-text.js";
import { versionLine } from "./version.js";

/** What help, docs and completion know of a command. */
export interface CommandInfo {
  readonly name: string;
  readonly summary: string;
  /** After the path: "[OPTIONS] IMAGE [COMMAND] [ARG...]". */
  readonly usage: string;
  /** Further paragraphs of the help. */
  readonly notes?: readonly string[];
  readonly examples?: readonly string[];
  readonly sections: readonly { readonly title: string; readonly flags: readonly FlagInfo[] }[];
  /** What shell completion offers for arguments. */
  readonly completes?: FlagInfo["completes"];
  /** Flags may follow arguments; false when what follows belongs to the workload. */
  readonly isInterspersed: boolean;
}

export interface Command extends CommandInfo {
  readonly kind: "command";
  /** `words` is what follows the command's path. Returns the exit code. */
  execute(words: readonly string[], path: string, context: CliContext): Promise<number>;
}

/** A command that only has commands. */
export interface CommandGroup {
  readonly kind: "group";
  readonly name: string;
  readonly summary: string;
  readonly notes?: readonly string[];
  /** Of a program: flags before the command, which hold for whatever command follows. */
  readonly flags?: readonly Flag<CliContext>[];
  readonly commands: readonly (Command | CommandGroup)[];
  /** What the group does when no command follows it; without one it prints its help. */
  readonly byDefault?: Command;
}

export interface CommandCall<Draft> {
  readonly draft: Draft;
  readonly args: readonly string[];
  readonly path: string;
  readonly context: CliContext;
}

interface CommandSpec<Draft> extends Omit<CommandInfo, "sections"> {
  readonly sections: readonly FlagSection<Draft>[];
  /**
   * It enters what is the host's: in the published image that is seen to first. "if-there": it has a use without an engine,
   * too.
   */
  readonly entersHost?: "always" | "if-there";
  /** `-h` is `--help`, unless it is a flag of the command's own. Default true. */
  readonly hasShortHelp?: boolean;
  readonly minArgs?: number;
  readonly maxArgs?: number;
  newDraft(context: CliContext): Draft;
  run(call: CommandCall<Draft>): Promise<number>;
}

/** A command made of its flag table and what it does. */
export function defineCommand<Draft>(spec: CommandSpec<Draft>): Command {
  const flags = spec.sections.flatMap((section) => section.flags);
  const { name, summary, usage, notes, examples, sections, completes, isInterspersed } = spec;
  const info: CommandInfo = {
    name,
    summary,
    usage,
    sections,
    isInterspersed,
    ...(notes === undefined ? {} : { notes }),
    ...(examples === undefined ? {} : { examples }),
    ...(completes === undefined ? {} : { completes }),
  };
  return {
    kind: "command",
    ...info,
    async execute(words, path, context) {
      const rules: FlagRules = { path, isInterspersed, hasShortHelp: spec.hasShortHelp ?? true };
      const { uses, args, wants } = readFlags(words, flags, rules);
      if (wants !== undefined) {
        const { stdout, env } = context;
        stdout.write(wants === "help" ? helpOf(info, path, stdout, env) : versionLine(path));
        return 0;
      }
      await context.requireShared?.(givenPaths(uses, args, spec));
      const draft = spec.newDraft(context);
      applyFlags(uses, draft, rules);
      checkArguments(args, spec.minArgs ?? 0, spec.maxArgs ?? Number.POSITIVE_INFINITY, path, usage);
      if (spec.entersHost !== undefined && context.enterHost !== undefined) {
        const exitCode = await context.enterHost(spec.entersHost);
        if (exitCode !== undefined) return exitCode;
      }
      return spec.run({ draft, args, path, context });
    },
  };
}

function givenPaths<Draft>(
  uses: readonly FlagUse<Draft>[],
  args: readonly string[],
  { completes, maxArgs, usage }: CommandSpec<Draft>,
): GivenPath[] {
  const paths = uses.flatMap(({ flag, value }): GivenPath[] => {
    const path = flag.fileIn === undefined ? value : flag.fileIn(value);
    const kind = flag.fileIn === undefined ? flag.completes : "file";
    if (path === undefined || path === "" || path === "-" || (kind !== "file" && kind !== "folder"))
      return [];
    return [{ title: `--${flag.name}`, path, kind, isWritten: flag.isWritten ?? false }];
  });
  const [path] = args;
  const title = usage.split(" ").at(-1)!;
  const isPath = maxArgs === 1 && !title.includes("|") && (completes === "file" || completes === "folder");
  if (isPath && path !== undefined) {
    paths.push({ title, path, kind: completes, isWritten: false });
  }
  return paths;
}

/** Docker's words, and its exit code of 1: nothing was tried yet. */
function checkArguments(
  args: readonly string[],
  min: number,
  max: number,
  path: string,
  usage: string,
): void {
  if (args.length >= min && args.length <= max) return;
  const noun = (count: number): string => `${count} argument${count === 1 ? "" : "s"}`;
  const demand =
    max === 0
      ? "accepts no arguments"
      : min === max
        ? `requires ${noun(min)}`
        : args.length < min
          ? `requires at least ${noun(min)}`
          : `accepts at most ${noun(max)}`;
  throw new NmzError("NMZ_CLI_ARGUMENTS", `'${path}' ${demand}`, {
    exitCode: 1,
    hint: `usage: ${path} ${usage}; see '${path} --help'`,
  });
}
