import { writeFileSync } from "node:fs";
import type { Engine } from "../../runtime/engine/index.js";
import { NmzError } from "../util/index.js";
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
  const { hasTty, isInteractive, detachKeys } = request;
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

/** As docker: an existing file is an error, because it is some other container's. */
export function writeCidFile(file: string, containerId: string): void {
  try {
    writeFileSync(file, containerId, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new NmzError("NMZ_CIDFILE_EXISTS", `container ID file found: ${file}`, {
      hint: "make sure the other container is not running, or remove the file",
      cause: error,
    });
  }
}
