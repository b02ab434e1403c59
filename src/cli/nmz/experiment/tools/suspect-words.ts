import type { Suspect } from "../../../../coverage/index.js";
import { renderTable } from "../../../table.js";

/** Suspects as a table, in how many of the failing and of the passing runs each was taken. */
export function suspectsTable(
  suspects: readonly Suspect[],
  runs: { readonly failed: number; readonly passed: number },
): string {
  return renderTable([
    ["OCHIAI", "FAILING", "PASSING", "TAKEN"],
    ...suspects.map((suspect) => [
      suspect.score.toFixed(2),
      `${suspect.failed} of ${runs.failed}`,
      `${suspect.passed} of ${runs.passed}`,
      placeWords(suspect),
    ]),
  ]);
}

/** "org.example.Queue::take line 41-43", "… line 41, branch 2 of 2". */
export function placeWords({ className, method, firstLine, lastLine, branch }: Suspect): string {
  const lines = firstLine === lastLine ? `${firstLine}` : `${firstLine}-${lastLine}`;
  const way = branch === undefined ? "" : `, branch ${branch.number} of ${branch.of}`;
  return `${className}::${method} line ${lines}${way}`;
}
