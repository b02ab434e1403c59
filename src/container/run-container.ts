import { requireAbilities } from "../abilities/index.js";
import { runInBackground } from "./background/run-in-background.js";
import { refuseInContainer } from "./from-inside/refuse-in-container.js";
import { Interruption } from "./interruption.js";
import { sweepLeftovers } from "./leftovers.js";
import { openEngineForRuns } from "./open-engine.js";
import { ensureImage } from "./pull/index.js";
import { runInForeground } from "./run-in-foreground.js";
import type { RunIo } from "./run-io.js";
import { planRun } from "./run-plan.js";
import type { RunRequest } from "./run-request.js";
import { refuseCidFile } from "./streams.js";
import { requireTerminal } from "./terminal/index.js";

/**
 * `nmzc run`. Returns the exit code: the workload's own, or 128 + n when signal n came before the workload ran. Throws
 * NmzError or EngineError for failures of nmzc's own.
 *
 * With a terminal (`-t`), `-d` or `--sig-proxy=false` the run is supervised by a process of its own, so that detaching, or the loss of the
 * terminal, leaves the workload running and shaken; otherwise by this process, which saves starting another.
 */
export async function runContainer(request: RunRequest, io: RunIo): Promise<number> {
  requireTerminal(io.stdin, request);
  refuseCidFile(request.cidFile);
  refuseInContainer(request);
  const interruption = new Interruption();
  try {
    const opening = openEngineForRuns();
    opening.catch(() => {}); // awaited below: what is wrong with the config is said first
    const plan = await planRun(request);
    const [engine] = await Promise.all([opening, requireAbilities(plan.inspectors)]);
    if (engine.info.embeddedPid !== undefined && !engine.info.isChosen) {
      io.stderr.write(
        "nmzc: no container engine runs here: started Podman for this command (--engine embedded)\n",
      );
    }
    await sweepLeftovers(async () => engine);
    await ensureImage(engine, request.body.Image, {
      pull: request.pull,
      platform: request.platform,
      isQuiet: request.isPullQuiet,
      stderr: io.stderr,
      signal: interruption.signal,
    });
    interruption.check();
    const outlivesUs = request.isDetached || request.hasTty || !request.forwardSignals;
    const run = outlivesUs ? runInBackground : runInForeground;
    return await run({ engine, plan, io, interruption });
  } catch (error) {
    const exitCode = interruption.exitCode;
    if (exitCode !== undefined && isInterruption(error)) return exitCode;
    throw error;
  } finally {
    interruption.release();
  }
}

const interruptionCodes = new Set(["NMZ_INTERRUPTED", "NMZ_PULL_ABORTED", "NMZ_SUPERVISOR_GONE"]);

function isInterruption(error: unknown): boolean {
  const { code, name } = error as { code?: string; name?: string };
  // A supervisor that was interrupted before it could listen for signals had done nothing yet.
  return (code !== undefined && interruptionCodes.has(code)) || name === "AbortError";
}
