import type { Engine } from "../../runtime/engine/index.js";
import { printable } from "../util/index.js";
import { endContainer } from "./create-container.js";
import type { Interruption } from "./interruption.js";
import type { RunIo } from "./run-io.js";
import type { RunPlan } from "./run-plan.js";
import type { RunSession } from "./run-session.js";
import { connectStreams, exitCodeAfterOutput, writeCidFile } from "./streams.js";
import { supervise } from "./supervise.js";
import { forwardSignals, type TerminalSession } from "./terminal/index.js";

export interface RunOptions {
  readonly engine: Engine;
  readonly plan: RunPlan;
  readonly io: RunIo;
  readonly interruption: Interruption;
}

/** Supervises the run in this process, with the user's streams connected to the workload's. */
export async function runInForeground({ engine, plan, io, interruption }: RunOptions): Promise<number> {
  const { request } = plan;
  const { visit } = io;
  let streams: TerminalSession | undefined;
  let stopForwarding = () => {};
  let outputFailure: unknown;
  const session: RunSession = {
    async created(containerId) {
      if (request.cidFile !== undefined) writeCidFile(request.cidFile, containerId);
      io.endNow?.addEventListener(
        "abort",
        () => void endContainer(engine, containerId, false).catch(() => {}),
      );
      await visit?.created(engine, containerId);
      streams = await connectStreams(engine, containerId, request, io, () => {});
      streams.done
        // Nobody reads our output any more (`| head`): the workload has nobody to write for.
        .then((end) => (end === "output-closed" ? endContainer(engine, containerId, false) : undefined))
        .catch(() => {});
    },
    begins(containerId) {
      interruption.release();
      stopForwarding = forwardSignals(engine, containerId);
    },
    started() {
      void streams?.containerStarted();
    },
    ...(visit === undefined ? {} : { exited: (containerId) => visit.exited(engine, containerId) }),
    async ended() {
      await streams?.done.catch((error) => {
        outputFailure = error;
      });
    },
    say: (line) => io.stderr.write(`nmzc: ${printable(line)}\n`),
  };
  io.stderr.write(`nmzc: seed ${plan.seed}\n`);
  if (plan.whySeed !== undefined) io.stderr.write(`nmzc: ${plan.whySeed}\n`);
  try {
    const exitCode = await supervise({ engine, plan, session, interrupted: interruption.signal });
    return exitCodeAfterOutput(exitCode, outputFailure, session.say);
  } finally {
    stopForwarding();
    streams?.restore();
  }
}
