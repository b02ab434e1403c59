import { existsSync, writeFileSync } from "node:fs";
import type { Engine } from "../../runtime/engine/index.js";
import { messageOf, NmzError } from "../util/index.js";
import { hostPaths } from "./from-inside/host-paths.js";
import type { RunIo } from "./run-io.js";
import type { RunRequest } from "./run-request.js";
import { connectTerminal, type TerminalSession } from "./terminal/index.js";

/** Connects the user's streams to a container that has not started yet. */
export async function connectStreams(
  engine: Engine,
  containerId: string,
  request: RunRequest,
  io: RunIo,
  onDetach: () => void,
): Promise<TerminalSession> {
  const { hasTty, isInteractive } = request;
  // Who detaches in our own container leaves it to end, and the supervisor with it.
  const detachKeys = hostPaths().isInContainer ? [] : request.detachKeys;
  const attachment = await engine.attachContainer(containerId, { stdin: isInteractive, tty: hasTty });
  return connectTerminal({
    attachment,
    stdin: io.stdin,
    stdout: io.stdout,
    stderr: io.stderr,
    hasTty,
    isInteractive,
    detachKeys,
    onDetach,
    resize: (columns, rows) => engine.resizeContainer(containerId, columns, rows),
  });
}

/** As docker, before anything is made: an existing file is an error, because it is some other container's. */
export function refuseCidFile(file: string | undefined): void {
  if (file === undefined || !existsSync(file)) return;
  throw cidFileExists(file);
}

export function writeCidFile(file: string, containerId: string): void {
  try {
    writeFileSync(file, containerId, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw cidFileExists(file);
    throw new NmzError(
      "NMZ_CIDFILE_UNWRITABLE",
      `failed to create the container ID file: ${messageOf(error)}`,
      { hint: "give --cidfile a path in a folder that is there and can be written", cause: error },
    );
  }
}

function cidFileExists(file: string): NmzError {
  return new NmzError(
    "NMZ_CIDFILE_EXISTS",
    `container ID file found, make sure the other container isn't running or delete ${file}`,
    { hint: "each run needs a file of its own" },
  );
}

/** Lost output must not pass for success; a workload that failed by itself keeps its exit code. */
export function exitCodeAfterOutput(exitCode: number, failure: unknown, say: (line: string) => void): number {
  if (failure === undefined) return exitCode;
  if (exitCode === 0) throw failure;
  say(messageOf(failure));
  return exitCode;
}
