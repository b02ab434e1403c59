import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Autopilot } from "../../config/index.js";
import type { PolicyEntry } from "../../policy/index.js";
import { loadAutopilotWithPolicy } from "../../user-policy/index.js";
import { NmzError, newSeed } from "../../util/index.js";
import { scriptProblem } from "../script.js";
import { initFailedMark, names, requireStorage } from "../storage/index.js";

/** What the config makes of one run. */
export interface ExperimentPlan {
  readonly autopilot: Autopilot;
  readonly policies: ReadonlyMap<string, PolicyEntry>;
  readonly warnings: readonly string[];
  readonly seed: string;
}

/** Throws NMZ_EXPERIMENT_STORAGE, NMZ_EXPERIMENT_CONFIG, NMZ_EXPERIMENT_SCRIPT and what is wrong with the config or its policy. */
export async function planExperiment(storage: string, seed: string | undefined): Promise<ExperimentPlan> {
  requireStorage(storage);
  const mark = join(storage, initFailedMark);
  if (existsSync(mark)) {
    const why = readFileSync(mark, "utf8").trim();
    throw new NmzError("NMZ_EXPERIMENT_STORAGE", `the init script of "${storage}" failed: ${why}`, {
      hint: "make the storage again with nmz init --force",
    });
  }
  const config = join(storage, names.config);
  const { loaded, policies } = await loadAutopilotWithPolicy(config);
  const { autopilot, warnings } = loaded;
  if (autopilot.run === "") {
    throw new NmzError("NMZ_EXPERIMENT_CONFIG", `"run" is not set in ${config}`, {
      hint: "name a script of the materials there, which is one experiment",
    });
  }
  const problem = scriptProblem(join(storage, names.materials), autopilot.run);
  if (problem !== undefined) throw unstartable("run", problem);
  return { autopilot, policies, warnings, seed: seed ?? newSeed() };
}

/** A script that cannot be started says nothing about the experiment. */
export function unstartable(name: "run" | "validate", problem: string): NmzError {
  return new NmzError("NMZ_EXPERIMENT_SCRIPT", `cannot start the ${name} script: ${problem}`, {
    hint: "put it there with chmod +x, or name another in the storage's config.toml",
  });
}
