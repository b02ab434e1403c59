import type { VolumeRequest } from "../../container/run-request.js";
import type { Flag, FlagSection } from "../flags/index.js";

/** One use of a flag, as it was typed. */
export interface TypedFlag {
  readonly name: string;
  readonly value: string;
}

/** A flag table of another command's, whose uses are kept as they were typed, for another process. */
export function typedSections<Draft, Outer extends { readonly typed: TypedFlag[] }>(
  sections: readonly FlagSection<Draft>[],
  draftOf: (outer: Outer) => Draft,
): FlagSection<Outer>[] {
  return sections.map(({ title, flags }) => ({
    title,
    flags: flags.map(
      (flag): Flag<Outer> => ({
        ...flag,
        apply: (value, outer) => {
          flag.apply(value, draftOf(outer));
          outer.typed.push({ name: flag.name, value });
        },
      }),
    ),
  }));
}

export function wordsOf(typed: readonly TypedFlag[]): string[] {
  return typed.map(({ name, value }) => `--${name}=${value}`);
}

/** A volume that a run may write to, and that is a folder or a file of this machine. */
export function isWritableBind({ type, source, isReadOnly }: VolumeRequest): boolean {
  return type === "bind" && source !== undefined && !isReadOnly;
}
