import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  type Engine,
  EngineError,
  engineVariable,
  findOwnContainer,
  type OwnContainer,
  openEngine,
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
import { runSibling } from "./run-sibling.js";
import { cgroupFolder, neededCapabilities, outerVariable, runFolder } from "./sibling.js";

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
  requireSocket(choice);
  const engine = await openEngine();
  const own = await findOwnContainer(engine.info);
  if (own === undefined) throw notItsContainer(engine);
  const outer = process.env[outerVariable];
  if (!own.sharesPids && outer === undefined) {
    const { socketPath, rootDir, kind } = engine.info;
    const volumesFolder = rootDir === "" || kind !== "docker" ? undefined : join(rootDir, "volumes");
    const { env: environment } = process;
    const workingFolder = process.cwd();
    return runSibling(engine, { own, command, environment, workingFolder, socketPath, volumesFolder }, io);
  }
  requireShared(own);
  reachMounts(engine);
  useSharedFolders(own.mounts);
  if (outer !== undefined && outer !== own.id) endWithOuter(engine, outer);
  return undefined;
}

const sockets = ["/var/run/docker.sock", "/run/podman/podman.sock"];

/** Otherwise Podman would be started in this container, which fails in ways that say nothing of a socket. */
function requireSocket(choice: string | undefined): void {
  if (choice !== undefined && choice !== "" && choice !== "docker" && choice !== "podman") return;
  if (process.env["DOCKER_HOST"] || process.env["DOCKER_CONTEXT"] || sockets.some((path) => existsSync(path)))
    return;
  throw new NmzError("NMZ_IMAGE_NO_ENGINE", "no container engine's socket is in nmzc's container", {
    hint: "add -v /var/run/docker.sock:/var/run/docker.sock to the command that starts it, or use Podman inside: nmzc --engine embedded …",
  });
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
function requireShared(own: OwnContainer): void {
  const isMounted = (path: string) =>
    own.mounts.some(({ source, target }) => source === path && target === path);
  const held = effectiveCapabilities();
  const missing = [
    ...(own.sharesPids ? [] : [["the host's processes", "--pid host"]]),
    ...(own.sharesNetwork
      ? []
      : [["the host's network, where births of threads are told", "--network host"]]),
    ...(isMounted(runFolder) ? [] : [[`the host's ${runFolder}`, `-v ${runFolder}:${runFolder}`]]),
    ...(isMounted(cgroupFolder)
      ? []
      : [["the host's control groups", `-v ${cgroupFolder}:${cgroupFolder} --cgroupns host`]]),
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
