import { attachToSocket } from "./attachment.js";
import type { EngineConnection } from "./connection.js";
import { spellDetachKeys } from "./detach-keys.js";
import type { ExecRequest, ExecSession } from "./engine.js";

/** Creates and starts a command in a running container. */
export async function startExec(
  connection: EngineConnection,
  id: string,
  request: ExecRequest,
): Promise<ExecSession> {
  const keys = request.detachKeys === undefined ? {} : { DetachKeys: spellDetachKeys(request.detachKeys) };
  const exec = await connection.call(`exec in container ${id}`, (docker) =>
    docker.getContainer(encodeURIComponent(id)).exec({
      AttachStdin: request.stdin && !request.detach,
      AttachStdout: !request.detach,
      AttachStderr: !request.detach,
      Tty: request.tty,
      Cmd: [...request.command],
      Env: [...request.env],
      Privileged: request.privileged,
      ...(request.user === undefined ? {} : { User: request.user }),
      ...(request.workdir === undefined ? {} : { WorkingDir: request.workdir }),
      ...keys,
    }),
  );
  const start = {
    what: `start exec in container ${id}`,
    path: `/exec/${exec.id}/start`,
    body: { Detach: request.detach, Tty: request.tty },
  };
  const attachment = request.detach ? undefined : attachToSocket(await connection.hijack(start), request);
  if (request.detach) (await connection.post(start)).resume();
  return {
    attachment,
    resize: async (columns, rows) => {
      await connection.call(`resize exec in container ${id}`, () => exec.resize({ w: columns, h: rows }));
    },
    exitCode: () => exitCodeOf(connection, exec, id),
  };
}

/** The engine closes the streams a moment before it notes the exit code. */
async function exitCodeOf(
  connection: EngineConnection,
  exec: { inspect(): Promise<{ Running: boolean; ExitCode: number | null }> },
  id: string,
): Promise<number> {
  for (let waitMs = 1; ; waitMs = Math.min(waitMs * 2, 100)) {
    const { Running: isRunning, ExitCode: exitCode } = await connection.call(
      `inspect exec in container ${id}`,
      () => exec.inspect(),
    );
    if (!isRunning && exitCode !== null) return exitCode;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}
