import { countParts } from "./count-tests.js";

/** Last step of scripts/test: FOLDER PASSED FAILED PART…, where PASSED and FAILED are the checks before the tests. */
const [folder = "", passed = "0", failed = "0", ...parts] = process.argv.slice(2);
const counts = countParts(folder, parts);
const allFailed = counts.failed + Number(failed);
process.stdout.write(
  `${counts.passed + Number(passed)} passed, ${allFailed} failed, ${counts.skipped} skipped\n`,
);
process.exitCode = allFailed === 0 ? 0 : 1;
