import { readFileSync } from "node:fs";
import { type Component, licenceProblem } from "./licence-list.js";
import { oldLicenceOf } from "./package-licence.js";

const { components } = JSON.parse(readFileSync(0, "utf8")) as { readonly components: readonly Component[] };
const whole = components.map((component) => {
  if ((component.licenses ?? []).length > 0) return component;
  const old = oldLicenceOf(component.name);
  return old === undefined ? component : { ...component, licenses: [{ license: { id: old } }] };
});
const problems = whole.map(licenceProblem).filter((problem) => problem !== undefined);
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (components.length === 0) process.stderr.write("npm listed no packages at all\n");
process.stdout.write(
  `licences: ${components.length - problems.length} of ${components.length} packages accepted\n`,
);
process.exitCode = problems.length === 0 && components.length > 0 ? 0 : 1;
