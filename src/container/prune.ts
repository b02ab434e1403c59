import { openEngine, sweepEmbedded } from "../../runtime/engine/index.js";
import { createRuntimeFolder } from "../journal/index.js";
import { sweepLeftovers } from "./leftovers.js";
import { mountWhereEngineLives } from "./open-engine.js";
import type { RunIo } from "./run-io.js";

/**
 * `nmzc prune`: cleans what killed runs and inspectors left, and says what; works without an engine where none is needed.
 * Exit code 1 when something could not be undone. Throws NMZ_RUN_FOLDER for those who may not look.
 */
export async function prune(io: Pick<RunIo, "stdout" | "stderr">): Promise<number> {
  createRuntimeFolder();
  sweepEmbedded();
  const { undone, failed } = await sweepLeftovers(async () => {
    const engine = await openEngine();
    mountWhereEngineLives(engine);
    return engine;
  });
  for (const line of undone) io.stdout.write(`undone: ${line}\n`);
  for (const line of failed) io.stderr.write(`nmzc: not undone: ${line}\n`);
  if (undone.length === 0 && failed.length === 0) io.stdout.write("nothing was left by killed runs\n");
  return failed.length === 0 ? 0 : 1;
}
