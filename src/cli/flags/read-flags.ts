import { messageOf, NmzError, nearest } from "../../util/index.js";
import { type Flag, flagTitle, RefusedFlag } from "./flag.js";

export interface FlagRules {
  /** "nmzc run": who speaks in errors. */
  readonly path: string;
  /** Whether flags may follow the first argument (docker logs) or everything after it is the workload's (docker run). */
  readonly isInterspersed: boolean;
  /** `-h` is `--help`; false where it is a flag of its own (hostname). */
  readonly hasShortHelp: boolean;
}

export interface FlagUse<Draft> {
  readonly flag: Flag<Draft>;
  readonly value: string;
}

export interface ReadFlags<Draft> {
  readonly uses: readonly FlagUse<Draft>[];
  readonly args: readonly string[];
  /** `--help` or `--version` was met; what follows was not read. */
  readonly wants: "help" | "version" | undefined;
}

/**
 * Splits a command line into flags and arguments by the rules of pflag, which docker's command line obeys: a switch takes
 * a value only after "=", other flags take the rest of the word or the next word whatever it is, single letters
 * combine (`-itv /a:/b`), `--` ends the flags. Flags with `hasSingleDash` obey Go's flag package instead: one dash is as
 * good as two, and letters do not combine. Throws NMZ_CLI_FLAG_UNKNOWN and NMZ_CLI_FLAG_VALUE.
 */
export function readFlags<Draft>(
  argv: readonly string[],
  flags: readonly Flag<Draft>[],
  rules: FlagRules,
): ReadFlags<Draft> {
  const byName = new Map(
    flags.flatMap((flag) => [flag.name, ...(flag.aliases ?? [])].map((name) => [name, flag])),
  );
  const byShort = new Map(flags.flatMap((flag) => (flag.short === undefined ? [] : [[flag.short, flag]])));
  const isGoStyle = flags.some((flag) => flag.hasSingleDash === true);
  const uses: FlagUse<Draft>[] = [];
  const args: string[] = [];
  let position = 0;

  const next = (spelled: string): string => {
    const value = argv[position];
    if (value === undefined) {
      throw new NmzError("NMZ_CLI_FLAG_VALUE", `flag needs an argument: ${spelled}`, {
        hint: seeHelp(rules),
      });
    }
    position++;
    return value;
  };

  const readLong = (word: string): "help" | "version" | undefined => {
    const dashes = word.startsWith("--") ? "--" : "-";
    const equals = word.indexOf("=");
    const name = word.slice(dashes.length, equals < 0 ? undefined : equals);
    if (name === "" || name.startsWith("-")) {
      throw new NmzError("NMZ_CLI_FLAG_UNKNOWN", `bad flag syntax: ${word}`, { hint: seeHelp(rules) });
    }
    const flag = byName.get(name) as Flag<Draft> | undefined;
    if (flag === undefined) {
      if (name === "help" || name === "version") return name;
      throw unknownFlag(
        `unknown flag: ${dashes}${name}`,
        nearest(name, byName.keys() as Iterable<string>),
        rules,
      );
    }
    if (equals >= 0) uses.push({ flag, value: word.slice(equals + 1) });
    else uses.push({ flag, value: flag.placeholder === undefined ? "true" : next(`${dashes}${name}`) });
    return undefined;
  };

  const readShorts = (word: string): "help" | undefined => {
    for (let rest = word.slice(1); rest !== ""; ) {
      const letter = rest[0]!;
      const flag = byShort.get(letter) as Flag<Draft> | undefined;
      if (flag === undefined) {
        if (letter === "h" && rules.hasShortHelp) return "help";
        throw unknownFlag(`unknown shorthand flag: '${letter}' in ${word}`, undefined, rules);
      }
      if (rest.length > 2 && rest[1] === "=") {
        uses.push({ flag, value: rest.slice(2) });
        break;
      }
      if (flag.placeholder !== undefined) {
        uses.push({ flag, value: rest.length > 1 ? rest.slice(1) : next(`'${letter}' in ${word}`) });
        break;
      }
      uses.push({ flag, value: "true" });
      rest = rest.slice(1);
    }
    return undefined;
  };

  while (position < argv.length) {
    const word = argv[position++]!;
    if (word === "--") {
      args.push(...argv.slice(position));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      args.push(word);
      if (rules.isInterspersed) continue;
      args.push(...argv.slice(position));
      break;
    }
    const isLong = word.startsWith("--") || (isGoStyle && word.length > 2);
    const wants = isLong ? readLong(word) : readShorts(word);
    if (wants !== undefined) return { uses, args, wants };
  }
  return { uses, args, wants: undefined };
}

/** Puts each use into the draft, in the order of the command line. Throws NMZ_CLI_FLAG_REFUSED and NMZ_CLI_FLAG_VALUE. */
export function applyFlags<Draft>(uses: readonly FlagUse<Draft>[], draft: Draft, rules: FlagRules): void {
  for (const { flag, value } of uses) {
    try {
      flag.apply(value, draft);
    } catch (error) {
      if (error instanceof RefusedFlag) {
        const spelled = flag.refusal === undefined ? `--${flag.name}=${value}` : `--${flag.name}`;
        throw new NmzError("NMZ_CLI_FLAG_REFUSED", `${spelled} is not possible: ${error.message}`, {
          ...(error.hint === undefined ? {} : { hint: error.hint }),
        });
      }
      throw new NmzError(
        "NMZ_CLI_FLAG_VALUE",
        `invalid argument "${value}" for "${flagTitle(flag)}": ${messageOf(error)}`,
        { hint: (error instanceof NmzError ? error.hint : undefined) ?? seeHelp(rules), cause: error },
      );
    }
  }
}

function unknownFlag(message: string, meant: string | undefined, rules: FlagRules): NmzError {
  const guess = meant === undefined ? "" : `did you mean --${meant}? `;
  return new NmzError("NMZ_CLI_FLAG_UNKNOWN", message, { hint: `${guess}${seeHelp(rules)}` });
}

function seeHelp(rules: FlagRules): string {
  return `see '${rules.path} --help'`;
}
