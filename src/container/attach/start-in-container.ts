import { createWriteStream } from "node:fs";
import { basename } from "node:path";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Engine } from "../../../runtime/engine/index.js";
import { closeOutput, type RestartRequest } from "../../inspector/index.js";

/**
 * Starts a program in a container again, by the engine's own exec: so it has the rights and limits of the others in there,
 * and ends with them. Of its environment the engine adds what the container has besides.
 */
export async function startInContainer(
  engine: Engine,
  containerId: string,
  request: RestartRequest,
  onError: (error: unknown) => void,
): Promise<void> {
  const { file, words, env, cwd, uid, gid, stdout, stderr } = request;
  const [first = "", ...rest] = words;
  let attachment: Awaited<ReturnType<Engine["exec"]>>["attachment"];
  try {
    const session = await engine.exec(containerId, {
      // A program that looks at its own name (busybox) needs that name, not the file's.
      command: [basename(first) === basename(file) ? file : first, ...rest],
      env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      user: `${uid}:${gid}`,
      workdir: cwd,
      privileged: false,
      detach: false,
      stdin: false,
      tty: false,
    });
    attachment = session.attachment;
  } catch (error) {
    closeOutput(request);
    throw error;
  }
  const outputs = [
    [attachment?.stdout, stdout],
    [attachment?.stderr, stderr],
  ] as const;
  for (const [stream, fd] of outputs) {
    if (stream !== undefined) pipeline(stream, writerTo(fd)).catch(onError);
  }
}

function writerTo(fd: number | undefined): Writable {
  if (fd !== undefined) return createWriteStream("", { fd });
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
