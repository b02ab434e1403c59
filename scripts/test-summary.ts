import { countParts } from "./count-tests.js";
import { summaryText } from "./test-failures.js";

/** Last step of scripts/test: FOLDER PASSED FAILED PART…, where FAILED names the checks that did, with commas between. */
const [folder = "", passed = "0", failed = "", ...parts] = process.argv.slice(2);
const failedChecks = failed.split(",").filter((name) => name !== "");
const { counts, failures } = countParts(folder, parts);
const all = {
  passed: counts.passed + Number(passed),
  failed: counts.failed + failedChecks.length,
  skipped: counts.skipped,
};
const checks = failedChecks.map((name) => ({ where: `check ${name}`, reason: "see its output above" }));
process.stdout.write(summaryText(all, [...checks, ...failures]));
process.exitCode = all.failed === 0 ? 0 : 1;
