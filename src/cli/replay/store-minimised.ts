import { type RunFile, type StoredRun, writeDerivedRun } from "../../record/index.js";
import type { Minimised } from "../../replay/index.js";
import type { RecordedSchedule } from "./recorded-schedule.js";

/** What was found, as a run in the run's own folder that can be repeated like any other. Returns its folder. */
export function storeMinimised(
  run: StoredRun,
  schedule: RecordedSchedule,
  { outcome, decisions, record, confirmation, recorded, runs }: Minimised,
  { list }: { readonly list: readonly string[] },
): string {
  const result: RunFile = run.result!; // only a run with a result can be repeated
  return writeDerivedRun({ ...run, result }, "minimized", schedule.with(decisions), {
    minimized: { of: result.runId, outcome, words: list, recorded, runs, record, confirmation },
  });
}
