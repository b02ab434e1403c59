import { readFileSync, writeFileSync } from "node:fs";
import { renderEngineDocs } from "../runtime/engine/difference-table.js";
import { programs, renderCliDocs } from "../src/cli/index.js";
import { renderConfigDocs } from "../src/config/index.js";
import { renderFaultDocs, renderPolicyDocs } from "../src/policy/index.js";

/** The pages that are made from tables; a unit test of each compares page and table. */
const pages: Readonly<Record<string, () => string>> = {
  "docs/cli.md": () => renderCliDocs(programs),
  "docs/config.md": renderConfigDocs,
  "docs/engines.md": () => renderEngineDocs(readFileSync("docs/engines.md", "utf8")),
  "docs/faults.md": () => renderFaultDocs(readFileSync("docs/faults.md", "utf8")),
  "docs/policies.md": renderPolicyDocs,
};

for (const [file, render] of Object.entries(pages)) {
  writeFileSync(file, render());
  process.stdout.write(`${file}\n`);
}
