import type { Engine } from "../../../runtime/engine/index.js";
import { printable } from "../../util/index.js";
import { endContainer } from "../create-container.js";
import { Interruption } from "../interruption.js";
import type { RunIo } from "../run-io.js";
import { connectTerminal, forwardSignals } from "../terminal/index.js";
import { waitForExit } from "../wait-for-exit.js";
import { type SiblingOptions, siblingBody } from "./sibling.js";

/** Starts the sibling and is a wire to it until it ends. Returns its exit code. Throws EngineError. */
export async function runSibling(
  engine: Engine,
  options: SiblingOptions,
  io: Pick<RunIo, "stdin" | "stdout" | "stderr">,
): Promise<number> {
  const interruption = new Interruption();
  // What `docker exec` started in a container with a terminal may have none: a step of Jenkins, whose output is a file.
  const own = { ...options.own, hasTty: options.own.hasTty && io.stdout.isTTY === true };
  const { id, warnings } = await engine.createContainer(siblingBody({ ...options, own }), {});
  const say = (line: string): void => void io.stderr.write(`nmzc: ${printable(line)}\n`);
  for (const warning of warnings) say(warning);
  let hasStarted = false;
  let stopForwarding = () => {};
  try {
    const attachment = await engine.attachContainer(id, { stdin: own.hasStdin, tty: own.hasTty });
    const streams = connectTerminal({
      attachment,
      stdin: io.stdin,
      stdout: io.stdout,
      stderr: io.stderr,
      hasTty: own.hasTty,
      isInteractive: own.hasStdin,
      detachKeys: [], // the engine's own command line has caught them, and our container is what is detached from
      resize: (columns, rows) => engine.resizeContainer(id, columns, rows),
    });
    // Podman leaves the removal to whoever waits for it.
    const exit = waitForExit(engine, id, true, say);
    exit.catch(() => {});
    try {
      interruption.check();
      await engine.startContainer(id);
      hasStarted = true;
      interruption.release();
      stopForwarding = forwardSignals(engine, id);
      // What came while the engine started it went to nobody.
      if (interruption.exitCode !== undefined) await engine.killContainer(id, "TERM").catch(() => {});
      void streams.containerStarted();
      const { exitCode } = await exit;
      await streams.done.catch(() => {});
      return exitCode;
    } finally {
      streams.restore();
    }
  } catch (error) {
    const { exitCode } = interruption;
    if (!hasStarted && exitCode !== undefined) return exitCode;
    throw error;
  } finally {
    interruption.release();
    stopForwarding();
    if (!hasStarted) await endContainer(engine, id, true).catch(() => {});
  }
}
