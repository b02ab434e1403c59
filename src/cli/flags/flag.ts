/** What help, docs and shell completion need to know of a flag. */
export interface FlagInfo {
  /** Long name, without the dashes. */
  readonly name: string;
  /** Older spellings that work and are not advertised: "net" for "network". */
  readonly aliases?: readonly string[];
  readonly short?: string;
  /** What the value looks like; a flag without a placeholder is a switch. */
  readonly placeholder?: string;
  readonly isRepeatable?: boolean;
  readonly help: string;
  readonly completes?: "file" | "folder" | readonly string[];
  /** The path that it completes is made or written to. */
  readonly isWritten?: boolean;
  /** The path in a value that is more than a path; undefined: this one has none. */
  readonly fileIn?: (value: string) => string | undefined;
  /** `-name` is `--name`, as Go's flag package has it; see `goFlags`. */
  readonly hasSingleDash?: boolean;
  /** Docker knows the flag and nmzc refuses it: the reason. */
  readonly refusal?: string;
}

/** One row of a flag table. `apply` checks the value and puts it into the draft; it throws on a bad one. */
export interface Flag<Draft> extends FlagInfo {
  readonly apply: (value: string, draft: Draft) => void;
}

/** A topic of the table: a heading in `--help` and in docs/cli.md. */
export interface FlagSection<Draft> {
  readonly title: string;
  readonly flags: readonly Flag<Draft>[];
}

type Row<Draft, Value> = Omit<FlagInfo, "refusal"> & {
  readonly apply: (value: Value, draft: Draft) => void;
};

/** A boolean flag: `--rm`, `--rm=false`. */
export function switchFlag<Draft>(row: Omit<Row<Draft, boolean>, "placeholder">): Flag<Draft> {
  return { ...row, apply: (value, draft) => row.apply(parseSwitch(value), draft) };
}

/** A flag with a value; given twice, `apply` decides whether the last wins or both count. */
export function valueFlag<Draft>(row: Row<Draft, string> & { readonly placeholder: string }): Flag<Draft> {
  return row;
}

/** A valueFlag of which each use counts. */
export function listFlag<Draft>(row: Row<Draft, string> & { readonly placeholder: string }): Flag<Draft> {
  return { ...row, isRepeatable: true };
}

/** Flags that may be written with one dash or two (`-nfq-number 42`, `--nfq-number=42`), as in Namazu's command line. */
export function goFlags<Draft>(flags: readonly Flag<Draft>[]): readonly Flag<Draft>[] {
  return flags.map((flag) => ({ ...flag, hasSingleDash: true }));
}

/** A flag of docker's that nmzc knows and does not do. */
export function refusedFlag<Draft>(row: Omit<FlagInfo, "help"> & { readonly refusal: string }): Flag<Draft> {
  return {
    ...row,
    help: row.refusal,
    apply: () => {
      throw new RefusedFlag(row.refusal);
    },
  };
}

/** Thrown by `apply` when a flag, or this value of it, is one that nmzc will not do. */
export class RefusedFlag extends Error {
  readonly hint: string | undefined;

  constructor(reason: string, hint?: string) {
    super(reason);
    this.name = "RefusedFlag";
    this.hint = hint;
  }
}

const switchWords: Readonly<Record<string, boolean>> = {
  "1": true,
  t: true,
  T: true,
  true: true,
  TRUE: true,
  True: true,
  "0": false,
  f: false,
  F: false,
  false: false,
  FALSE: false,
  False: false,
};

/** The words that Go's strconv.ParseBool takes. */
export function parseSwitch(value: string): boolean {
  const parsed = Object.hasOwn(switchWords, value) ? switchWords[value] : undefined;
  if (parsed === undefined) throw new Error(`"${value}" is neither true nor false`);
  return parsed;
}

/** "-m, --memory" or "--cpus", as error messages name a flag. */
export function flagTitle(flag: FlagInfo): string {
  return flag.short === undefined ? `--${flag.name}` : `-${flag.short}, --${flag.name}`;
}
