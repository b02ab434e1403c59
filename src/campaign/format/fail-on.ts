/** What makes a campaign's exit code 1. */
export type FailOn =
  /** Any failure. */
  | { readonly kind: "any" }
  /** A failure that no earlier campaign had. */
  | { readonly kind: "new" }
  | { readonly kind: "never" }
  /** A rate of failures that is surely above this share, 0.01 for "rate>1%". */
  | { readonly kind: "rate"; readonly above: number };

/** Throws an Error that says what may be written. */
export function parseFailOn(text: string): FailOn {
  if (text === "any" || text === "new" || text === "never") return { kind: text };
  // What a shell makes of --fail-on rate>1%.
  if (text === "rate") throw new Error("write it in quotes, for the shell: --fail-on 'rate>1%'");
  const percent = /^rate\s*>\s*(\d+(?:\.\d*)?|\.\d+)\s*%?$/.exec(text)?.[1];
  const above = Number(percent) / 100;
  if (above >= 0 && above < 1) return { kind: "rate", above };
  throw new Error("must be any, new, never, or a rate from 0% to below 100%: 'rate>1%'");
}

/** As `parseFailOn` reads it. */
export function failOnText(failOn: FailOn): string {
  if (failOn.kind !== "rate") return failOn.kind;
  // 0.07 * 100 is not 7.
  return `rate>${Number((failOn.above * 100).toPrecision(12))}%`;
}
