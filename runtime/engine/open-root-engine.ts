import type { Environment } from "./docker-config.js";
import type { Engine } from "./engine.js";
import { EngineError } from "./engine-error.js";
import { openEngine } from "./open-engine.js";
import { rootlessRemedy } from "./rootless-remedy.js";

/** `openEngine`, for those who are about to make containers: throws ENGINE_ROOTLESS, too, for one that runs without root. */
export async function openRootEngine(environment: Environment = process.env): Promise<Engine> {
  const engine = await openEngine(environment);
  const { isRootless, name, socketPath } = engine.info;
  if (!isRootless) return engine;
  throw new EngineError(`${name} at ${socketPath} runs without root`, {
    code: "ENGINE_ROOTLESS",
    hint: rootlessRemedy,
  });
}
