import type { Readable } from "node:stream";
import type { EngineConnection } from "./connection.js";
import type { DockerConfig, Environment } from "./docker-config.js";
import type { ImageInfo, PullOptions, PullProgress } from "./engine.js";
import { EngineError, toEngineError } from "./engine-error.js";
import { credentialsKeyOf, parseImageReference } from "./image-reference.js";
import { readJsonLines } from "./json-lines.js";
import { pullRefusal } from "./pull-refusal.js";
import { findCredentials } from "./registry-credentials.js";

/** One line of the engine's progress streams (moby, pkg/jsonmessage). */
interface ProgressLine {
  readonly id?: string;
  readonly status?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly error?: string;
  readonly errorDetail?: { readonly code?: number; readonly message?: string };
}

export class DockerImages {
  readonly #connection: EngineConnection;
  readonly #readConfig: () => DockerConfig;
  readonly #environment: Environment;

  constructor(connection: EngineConnection, readConfig: () => DockerConfig, environment: Environment) {
    this.#connection = connection;
    this.#readConfig = readConfig;
    this.#environment = environment;
  }

  /** By name, or by id or the beginning of one, which looks like a name too; so the engine is asked with the user's words. */
  async inspect(reference: string): Promise<ImageInfo | undefined> {
    if (!/^[\w][\w.:/@-]*$/.test(reference)) parseImageReference(reference);
    try {
      const image = await this.#connection.call(`inspect image ${reference}`, (docker) =>
        docker.getImage(reference).inspect(),
      );
      const config = image.Config as typeof image.Config | undefined;
      return {
        id: image.Id,
        repoDigests: image.RepoDigests ?? [],
        volumes: Object.keys(config?.Volumes ?? {}),
        workingDir: config?.WorkingDir || "/",
        env: config?.Env ?? [],
        hasCommand: hasWords(config?.Cmd) || hasWords(config?.Entrypoint),
        platform: [image.Os, image.Architecture, (image as { Variant?: string }).Variant]
          .filter((part) => part !== undefined && part !== "")
          .join("/"),
      };
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return undefined;
      throw error;
    }
  }

  async pull(text: string, options: PullOptions): Promise<void> {
    const reference = parseImageReference(text);
    const name = `${reference.registry}/${reference.repository}`;
    const login = await findCredentials(credentialsKeyOf(reference), this.#readConfig(), this.#environment);
    const what = `pull ${reference.familiar}`;
    const request = {
      fromImage: name,
      tag: reference.digest ?? reference.tag ?? "latest",
      ...(options.platform === undefined ? {} : { platform: options.platform }),
      ...(options.signal === undefined ? {} : { abortSignal: options.signal }),
    };
    try {
      // Without a login no header is sent, not an empty one: Podman has logins of its own, which an empty one would hide.
      const stream = await this.#connection.call(what, (docker) => docker.createImage(login?.auth, request));
      await follow(stream as Readable, what, options.onProgress, options.signal);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      throw pullRefusal(error, { reference, platform: options.platform, loginFrom: login?.from });
    }
  }

  async import(tar: Readable, text: string): Promise<void> {
    const reference = parseImageReference(text);
    const what = `import ${reference.familiar}`;
    const stream = await this.#connection.call(what, (docker) =>
      docker.importImage(tar, {
        repo: `${reference.registry}/${reference.repository}`,
        tag: reference.tag ?? "latest",
      }),
    );
    await follow(stream as Readable, what, () => {}, undefined);
  }
}

function hasWords(words: string | readonly string[] | null | undefined): boolean {
  return words !== null && words !== undefined && words.length > 0;
}

/** Reads a progress stream to its end; an error in it is the failure of the request. */
async function follow(
  stream: Readable,
  what: string,
  onProgress: (progress: PullProgress) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const abort = (): void => {
    stream.destroy();
  };
  signal?.addEventListener("abort", abort, { once: true });
  try {
    signal?.throwIfAborted();
    for await (const value of readJsonLines(stream)) {
      const line = value as ProgressLine;
      const message = line.errorDetail?.message ?? line.error;
      if (message !== undefined) throw new EngineError(message, { status: line.errorDetail?.code ?? 500 });
      onProgress({
        id: line.id,
        status: line.status ?? "",
        currentBytes: line.progressDetail?.current,
        totalBytes: line.progressDetail?.total,
      });
    }
  } catch (error) {
    if (signal?.aborted) throw new EngineError(`${what}: aborted`, { code: "ABORTED", cause: error });
    throw toEngineError(error, what);
  } finally {
    signal?.removeEventListener("abort", abort);
    stream.destroy();
  }
  if (signal?.aborted) throw new EngineError(`${what}: aborted`, { code: "ABORTED" });
}
