// Not by the folder's door, which brings the whole client: many commands need no engine.
import { engineVariable, parseEngineChoice } from "../../runtime/engine/engine-choice.js";
import { EngineError } from "../../runtime/engine/engine-error.js";
import type { ContainerVisit, RunIo } from "../container/run-io.js";
import type { ProcRequest } from "../standalone/inspect-proc.js";
import { messageOf, NmzError } from "../util/index.js";
import { asLoopChild, type LoopChild } from "./campaign/loop-child.js";
import type { CliContext, Services } from "./cli-context.js";

/** The streams, and the module that src/container starts for a run in the background. */
function ioOf({ stdin, stdout, stderr, loopRun }: CliContext): RunIo {
  const supervisor = new URL("./nmzc-supervisor.js", import.meta.url);
  const visit = loopRun?.results === undefined ? undefined : lazyVisit(loopRun, loopRun.results);
  return { stdin, stdout, stderr, supervisor, endNow: loopRun?.endNow, visit };
}

/** Loaded while the container is made. */
function lazyVisit({ endNow, tellWarning }: LoopChild, results: NonNullable<LoopChild["results"]>) {
  const options = { ...results, endNow, warn: tellWarning };
  const loading: Promise<ContainerVisit> =
    results.globs.length > 0
      ? import("./campaign/archive-results.js").then(({ ArchiveResults }) => new ArchiveResults(options))
      : import("./campaign/layer-results.js").then(({ LayerResults }) => new LayerResults(options));
  const visit: ContainerVisit = {
    created: async (engine, id) => (await loading).created(engine, id),
    exited: async (engine, id) => (await loading).exited(engine, id),
  };
  return visit;
}

/** The command of a run of `nmz loop` is killed when it has had its time to end. */
function endedBy(request: ProcRequest, { loopRun }: CliContext): ProcRequest {
  if (loopRun === undefined || request.target.kind !== "command") return request;
  return { ...request, target: { ...request.target, signal: loopRun.endNow } };
}

/** The real ones. */
export const realServices: Services = {
  openEngine: async (options) =>
    (await import("../../runtime/engine/index.js")).openEngine(process.env, undefined, options),
  chooseEngine: (choice) => {
    try {
      parseEngineChoice(choice, "--engine");
    } catch (error) {
      const hint = error instanceof EngineError ? error.hint : undefined;
      throw new NmzError("NMZ_ENGINE_CHOICE", messageOf(error), hint === undefined ? {} : { hint });
    }
    process.env[engineVariable] = choice;
  },
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
  inspectProc: async (request, io) =>
    (await import("../standalone/index.js")).inspectProc(endedBy(request, io), io),
  inspectEthernet: async (request, io) =>
    (await import("../standalone/index.js")).inspectEthernet(request, io),
  inspectFs: async (request, io) => (await import("../standalone/index.js")).inspectFs(request, io),
  runOrchestrator: async (request, io) =>
    (await import("../standalone/index.js")).runOrchestrator(request, io),
  inspectHookSwitch: async (request, io) =>
    (await import("../standalone/index.js")).inspectHookSwitch(request, io),
  inspectSyslog: async (request, io) => (await import("../standalone/index.js")).inspectSyslog(request, io),
  loopServices: async () => (await import("./campaign/loop-services.js")).loopServices,
  probeAbilities: async () => (await import("../abilities/index.js")).probeAbilities(),
};

/** In the published image: the host is reached by the rules of src/container/from-inside. */
const enterHost: NonNullable<CliContext["enterHost"]> = async (when) => {
  const { enterHost: enter } = await import("../container/from-inside/index.js");
  const command = [process.execPath, "--", process.argv[1]!, ...process.argv.slice(2)] as const;
  return enter({ command, isNeeded: when === "always", io: process });
};

const requirePaths: NonNullable<CliContext["requireShared"]> = async (paths) => {
  const { requireShared } = await import("../container/from-inside/require-shared.js");
  for (const path of paths) requireShared(path, process.cwd());
};

/** This process. */
export function processContext(): CliContext {
  let failure: Error | undefined;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // Whoever pipes us into `head` has what they wanted, and a terminal that is gone (EIO) wants nothing any more.
    if (error.code !== "EPIPE" && error.code !== "EIO") failure ??= error;
  });
  const { stdin, stdout, stderr, env } = process;
  const loopRun = asLoopChild();
  return {
    stdin,
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
    services: realServices,
    outputFailure: () => failure,
    ...(env["NMZC_IN_IMAGE"] === "1" ? { enterHost, requireShared: requirePaths } : {}),
    ...(loopRun === undefined ? {} : { loopRun }),
  };
}
