/** What is read of npm's CycloneDX list of components (https://cyclonedx.org/docs/1.5/json). */
export interface Component {
  readonly name: string;
  readonly version: string;
  readonly licenses?: readonly {
    readonly license?: { readonly id?: string; readonly name?: string };
    readonly expression?: string;
  }[];
}

/** SPDX names of licences that ask no more of a user than a notice, which is what Apache-2.0 may stand on. */
const accepted = new Set(
  "0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause BlueOak-1.0.0 CC0-1.0 ISC MIT Python-2.0 Unlicense Zlib".split(
    " ",
  ),
);

/** Whether an SPDX expression can be met with accepted licences: one side of an OR, both sides of an AND. */
export function isAccepted(expression: string): boolean {
  const bare = expression.replaceAll(/[()]/g, " ");
  return bare
    .split(/\sOR\s/)
    .some((side) => side.split(/\sAND\s/).every((name) => accepted.has(name.trim())));
}

/** Undefined when the component's licence is accepted, otherwise what is wrong with it. */
export function licenceProblem({ name, version, licenses }: Component): string | undefined {
  const names = (licenses ?? []).map(
    ({ license, expression }) => expression ?? license?.id ?? license?.name ?? "",
  );
  if (names.length === 0 || names.includes("")) return `${name}@${version} names no licence`;
  const bad = names.filter((licence) => !isAccepted(licence));
  return bad.length === 0
    ? undefined
    : `${name}@${version} is under ${bad.join(", ")}, which is not on the list`;
}
