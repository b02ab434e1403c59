import type { RunRequest } from "../container/run-request.js";
import type { CliContext, Services } from "./cli-context.js";

/** The streams of src/container, and the module that it starts for a run in the background. */
type RunIo = Pick<CliContext, "stdin" | "stdout" | "stderr"> & { readonly supervisor: URL };

interface ContainerDoor {
  runContainer(request: RunRequest, io: RunIo): Promise<number>;
  prune(io: RunIo): Promise<number>;
}

const openContainerDoor = (): Promise<ContainerDoor> =>
  import(new URL("../container/index.js", import.meta.url).href);

function ioOf({ stdin, stdout, stderr }: CliContext): RunIo {
  return { stdin, stdout, stderr, supervisor: new URL("./nmzc-supervisor.js", import.meta.url) };
}

/** The real ones. */
export const realServices: Services = {
  openEngine: async () => (await import("../../runtime/engine/index.js")).openEngine(),
  runContainer: async (request, context) => (await openContainerDoor()).runContainer(request, ioOf(context)),
  prune: async (context) => (await openContainerDoor()).prune(ioOf(context)),
  probeAbilities: async () => (await import("../container/abilities/index.js")).probeAbilities(),
};

/** This process. */
export function processContext(): CliContext {
  // Whoever pipes us into `head` has what they wanted; what is still written goes nowhere.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  const { stdin, stdout, stderr, env } = process;
  return { stdin, stdout, stderr, env, cwd: process.cwd(), services: realServices };
}
