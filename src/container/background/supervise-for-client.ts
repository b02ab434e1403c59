import { EngineError } from "../../../runtime/engine/index.js";
import { messageOf, NmzError } from "../../util/index.js";
import { openEngineForRuns } from "../open-engine.js";
import { planRun, type RunPlan } from "../run-plan.js";
import type { RunSession } from "../run-session.js";
import { supervise } from "../supervise.js";
import type { FailureMessage, FromSupervisor, ToSupervisor } from "./messages.js";
import { runLogFile, writeRunLog } from "./run-log.js";

/**
 * The other end of run-in-background: takes one request over the channel, supervises it, and survives its client.
 * SIGTERM and SIGHUP before the workload runs undo everything; later they stop the workload as `docker stop` does.
 * Resolves when the run is over and undone.
 */
export async function superviseForClient(): Promise<void> {
  const attached = nextMessage("attached");
  const run = nextMessage("run");
  tell({ kind: "ready" });
  const { request, runId } = await run;
  try {
    const plan = await planRun(request, { runId, logFile: runLogFile });
    tell({ kind: "ended", exitCode: await superviseRequest(plan, attached) });
  } catch (error) {
    tell({ kind: "failed", error: failureOf(error) });
  }
}

async function superviseRequest(plan: RunPlan, attached: Promise<unknown>): Promise<number> {
  const engine = await openEngineForRuns();
  const stop = new AbortController();
  let containerId: string | undefined;
  let isRunning = false;
  let hasStarted = false;
  // With `-d` the client leaves when the workload has started; others leave when their user detaches.
  const hasListener = (): boolean => process.connected && !(plan.request.isDetached && hasStarted);
  const onSignal = (signal: NodeJS.Signals) => {
    if (!isRunning || containerId === undefined) stop.abort(signal);
    else engine.stopContainer(containerId, undefined, undefined).catch(() => {});
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, onSignal);
  const session: RunSession = {
    async created(id) {
      containerId = id;
      tell({ kind: "created", containerId: id });
      await Promise.race([attached, clientGone()]);
    },
    begins() {
      isRunning = true;
      tell({ kind: "begins" });
    },
    started() {
      hasStarted = true;
      tell({ kind: "started" });
    },
    ended: async () => {}, // the streams are the client's
    say: (line) => {
      if (hasListener()) tell({ kind: "say", line });
      else writeRunLog(plan.runId, line);
    },
  };
  try {
    return await supervise({ engine, plan, session, interrupted: stop.signal });
  } catch (error) {
    if (!hasListener()) writeRunLog(plan.runId, messageOf(error));
    throw error;
  }
}

function tell(message: FromSupervisor): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

/** Rejects when the client leaves before the workload was started: nobody waits for it. */
function clientGone(): Promise<never> {
  return new Promise((_, reject) => {
    const gone = () =>
      reject(new NmzError("NMZ_INTERRUPTED", "the client went away before the workload ran"));
    if (!process.connected) gone();
    else process.once("disconnect", gone);
  });
}

function nextMessage<Kind extends ToSupervisor["kind"]>(
  kind: Kind,
): Promise<Extract<ToSupervisor, { kind: Kind }>> {
  return new Promise((resolve) => {
    const listener = (message: unknown) => {
      if ((message as ToSupervisor).kind !== kind) return;
      process.off("message", listener);
      resolve(message as Extract<ToSupervisor, { kind: Kind }>);
    };
    process.on("message", listener);
  });
}

function failureOf(error: unknown): FailureMessage {
  if (error instanceof NmzError) {
    return { code: error.code, message: error.message, hint: error.hint, exitCode: error.exitCode };
  }
  const hint = error instanceof EngineError ? error.hint : undefined;
  return { code: "NMZ_ENGINE", message: messageOf(error), hint, exitCode: 125 };
}
