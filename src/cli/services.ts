import type { RunIo } from "../container/run-io.js";
import type { CliContext, Services } from "./cli-context.js";

/** The streams, and the module that src/container starts for a run in the background. */
function ioOf({ stdin, stdout, stderr }: CliContext): RunIo {
  return { stdin, stdout, stderr, supervisor: new URL("./nmzc-supervisor.js", import.meta.url) };
}

/** The real ones. */
export const realServices: Services = {
  openEngine: async () => (await import("../../runtime/engine/index.js")).openEngine(),
  runContainer: async (request, context) =>
    (await import("../container/index.js")).runContainer(request, ioOf(context)),
  openReplays: async (run, options) =>
    run.result?.repeat?.kind === "command"
      ? (await import("../standalone/index.js")).openCommandReplays(run, options)
      : (await import("../container/index.js")).openReplays(run, options),
  seedLock: async () => (await import("../container/hot-seed.js")).lockSeeds,
  prune: async (context) => (await import("../container/index.js")).prune(ioOf(context)),
  crashRun: async (runId, keepRunning) =>
    (await import("../container/control/ask-run.js")).crashRun(runId, keepRunning),
  inspectProc: async (request, io) => (await import("../standalone/index.js")).inspectProc(request, io),
  inspectEthernet: async (request, io) =>
    (await import("../standalone/index.js")).inspectEthernet(request, io),
  inspectFs: async (request, io) => (await import("../standalone/index.js")).inspectFs(request, io),
  runOrchestrator: async (request, io) =>
    (await import("../standalone/index.js")).runOrchestrator(request, io),
  inspectHookSwitch: async (request, io) =>
    (await import("../standalone/index.js")).inspectHookSwitch(request, io),
  inspectSyslog: async (request, io) => (await import("../standalone/index.js")).inspectSyslog(request, io),
  probeAbilities: async () => (await import("../abilities/index.js")).probeAbilities(),
};

/** This process. */
export function processContext(): CliContext {
  let failure: Error | undefined;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // Whoever pipes us into `head` has what they wanted, and a terminal that is gone (EIO) wants nothing any more.
    if (error.code !== "EPIPE" && error.code !== "EIO") failure ??= error;
  });
  const { stdin, stdout, stderr, env } = process;
  return {
    stdin,
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
    services: realServices,
    outputFailure: () => failure,
  };
}
