import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * What an installed package says of its licence in the form of before 2014, `"licenses": [{ "type": "MIT" }]`, which npm
 * leaves out of its lists. Looked up from the working directory.
 */
export function oldLicenceOf(name: string): string | undefined {
  const file = createRequire(join(process.cwd(), "package.json")).resolve(`${name}/package.json`);
  const { licenses } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly licenses?: readonly { readonly type?: string }[];
  };
  return licenses?.[0]?.type;
}
