import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  type Engine,
  EngineError,
  engineVariable,
  findOwnContainer,
  type OwnContainer,
  openRunningEngine,
  parseEngineChoice,
} from "../../../runtime/engine/index.js";
import {
  type Capability,
  effectiveCapabilities,
  listenerOfSocket,
  makeMountsWhereProcessLives,
  mount,
  mountFlag,
  readMounts,
  unmount,
} from "../../../runtime/kernel/index.js";
import { messageOf, NmzError, printable } from "../../util/index.js";
import type { RunIo } from "../run-io.js";
import { endWithOuter } from "./end-with-outer.js";
import { useSharedFolders } from "./host-paths.js";
import { removeOrphans } from "./remove-orphans.js";
import { runSibling } from "./run-sibling.js";
import { cgroupFolder, folderOfVolumes, neededCapabilities, outerVariable, runFolder } from "./sibling.js";

export interface EnterOptions {
  /** The program and its words, for the sibling. */
  readonly command: readonly [string, ...string[]];
  /** False: without an engine, or what else is missing, the command goes on, and says for itself what it cannot. */
  readonly isNeeded: boolean;
  readonly io: Pick<RunIo, "stdin" | "stdout" | "stderr">;
}

/**
 * In the image, before a command that works on containers: sees to it that this process can reach what of the host it
 * needs. Returns the exit code when a sibling has done the work; undefined: go on. Throws NmzError with the flag to add.
 */
export async function enterHost(options: EnterOptions): Promise<number | undefined> {
  try {
    return await enter(options);
  } catch (error) {
    if (options.isNeeded || !(error instanceof NmzError || error instanceof EngineError)) throw error;
    options.io.stderr.write(`nmzc: ${printable(error.message)}\n`);
    if (error.hint !== undefined) options.io.stderr.write(`      ${printable(error.hint)}\n`);
    return undefined;
  }
}

async function enter({ command, io }: EnterOptions): Promise<number | undefined> {
  const choice = process.env[engineVariable];
  if (parseEngineChoice(choice, engineVariable).kind === "embedded") return undefined;
  const engine = await openEngineOutside();
  const own = await findOwnContainer(engine.info);
  if (own === undefined) throw notItsContainer(engine);
  const outer = process.env[outerVariable];
  if (!own.sharesPids && outer === undefined) {
    const { socketPath, rootDir, kind } = engine.info;
    const volumesFolder =
      rootDir !== "" && kind === "docker" ? join(rootDir, "volumes") : folderOfVolumes(own.mounts);
    const { env: environment } = process;
    const workingFolder = process.cwd();
    await removeOrphans(engine).catch(() => {}); // another start finds them, too
    return runSibling(engine, { own, command, environment, workingFolder, socketPath, volumesFolder }, io);
  }
  requireShared(own, engine);
  reachMounts(engine);
  useSharedFolders(own.mounts);
  if (outer !== undefined && outer !== own.id) endWithOuter(engine, outer);
  return undefined;
}

/** Podman started in this container fails in ways that say nothing of a socket: only who asks for it has it. */
async function openEngineOutside(): Promise<Engine> {
  try {
    return await openRunningEngine();
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== "ENGINE_NOT_FOUND") throw error;
    throw new NmzError(
      "NMZ_IMAGE_NO_ENGINE",
      `nmzc's container reaches no container engine: ${error.message}`,
      {
        hint: "add -v /var/run/docker.sock:/var/run/docker.sock to the command that starts it, or use Podman inside: nmzc --engine embedded …",
        cause: error,
      },
    );
  }
}

function notItsContainer({ info }: Engine): NmzError {
  return new NmzError(
    "NMZ_IMAGE_OTHER_ENGINE",
    `${info.name} at ${info.socketPath} does not run this container: it is another's`,
    {
      hint: "give nmzc's container the socket of the engine that runs it: -v /var/run/docker.sock:/var/run/docker.sock",
    },
  );
}

/** All that is missing, at once. */
function requireShared(own: OwnContainer, { info: { cgroupVersion } }: Engine): void {
  const isMounted = (path: string) =>
    own.mounts.some(({ source, target }) => source === path && target === path);
  const held = effectiveCapabilities();
  const missing = [
    ...(own.sharesPids ? [] : [["the host's processes", "--pid host"]]),
    ...(own.sharesNetwork
      ? []
      : [["the host's network, where births of threads are told", "--network host"]]),
    ...(isMounted(runFolder) ? [] : [[`the host's ${runFolder}`, `-v ${runFolder}:${runFolder}`]]),
    ...(isMounted(cgroupFolder) ? [] : [["the host's control groups", `-v ${cgroupFolder}:${cgroupFolder}`]]),
    // Version 1 names them in /proc as the host does, whichever namespace.
    ...(cgroupVersion === 1 || own.sharesCgroups
      ? []
      : [["the names of the host's control groups", "--cgroupns host"]]),
    ...(existsSync("/dev/fuse") ? [] : [["/dev/fuse, for volumes", "--device /dev/fuse"]]),
    ...Object.entries(neededCapabilities)
      .filter(([name]) => !held.has(name as Capability))
      .map(([name, what]) => [`CAP_${name}: ${what}`, `--cap-add ${name}`]),
  ];
  if (missing.length === 0) return;
  throw new NmzError(
    "NMZ_IMAGE_MISSING",
    ["nmzc's container lacks:", ...missing.map(([what, flag]) => `  ${what} (${flag})`)].join("\n"),
    { hint: "add the flags, or leave --pid host out: nmzc then starts a container of its own that has them" },
  );
}

function reachMounts(engine: Engine): void {
  const { socketPath } = engine.info;
  try {
    leaveMountsOfOthers();
    const pid = listenerOfSocket(socketPath);
    if (pid === 0)
      throw new Error(`who listens at ${socketPath} is in a pid namespace that cannot be seen here`);
    makeMountsWhereProcessLives(pid);
  } catch (error) {
    throw new NmzError(
      "NMZ_IMAGE_MOUNTS",
      `volumes cannot be mounted where the engine sees them: ${messageOf(error)}`,
      {
        hint: "add --security-opt apparmor=unconfined --security-opt label=disable to the command that starts nmzc's container",
        cause: error,
      },
    );
  }
}

/** What other runs have mounted came with the folder, and would live on in our container after they have ended. */
function leaveMountsOfOthers(): void {
  // Only here, whatever propagation the folder was given: on the host they are in use.
  const flags = mountFlag.private | mountFlag.recursive;
  mount({ source: "none", target: runFolder, type: "none", flags, data: "" });
  for (const { mountPoint } of readMounts().toReversed()) {
    if (mountPoint.startsWith(`${runFolder}/`)) unmount(mountPoint, "detach");
  }
}
