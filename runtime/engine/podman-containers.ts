import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import type { EngineConnection } from "./connection.js";
import type { ContainerBody } from "./container-body.js";
import { DockerContainers, inPath, readJsonAnswer } from "./docker-containers.js";
import type { Attachment, AttachOptions, Engine } from "./engine.js";
import { EngineError, NotRemovedError } from "./engine-error.js";
import { hintForWords } from "./engine-hints.js";
import { followedToTheEnd } from "./followed-logs.js";
import { missingUlimits, ownProcTexts } from "./podman-limits.js";

/** How often Podman looks whether the container has ended. */
const pollInterval = "20ms";

/** What this client knows of a container that it made. */
interface OwnContainer {
  /** Resolves when it has been started. */
  readonly started: Promise<void>;
  hasStarted(): void;
  /** Why it could not be prepared when its streams were attached. */
  failure?: EngineError;
}

/** Podman's containers; how they differ from Docker's, and why, is in engine-differences.ts. */
export class PodmanContainers extends DockerContainers {
  readonly #connection: EngineConnection;
  readonly #own = new Map<string, OwnContainer>();

  constructor(connection: EngineConnection) {
    super(connection);
    this.#connection = connection;
  }

  /** See the differences "limits" and "auto-remove". */
  override async create(
    body: ContainerBody,
    options: { readonly name?: string; readonly platform?: string },
  ): Promise<{ readonly id: string; readonly warnings: readonly string[] }> {
    const { AutoRemove: _, Ulimits: given = [], ...HostConfig } = body.HostConfig;
    const Ulimits = [...given, ...missingUlimits(given, ownProcTexts())];
    const created = await super.create({ ...body, HostConfig: { ...HostConfig, Ulimits } }, options);
    let hasStarted = (): void => {};
    const started = new Promise<void>((resolve) => {
      hasStarted = resolve;
    });
    this.#own.set(created.id, { started, hasStarted });
    return created;
  }

  /** See the difference "volumes". Whether the runtime then finds the command does not matter here. */
  override async fillVolumes(id: string): Promise<void> {
    const what = `fill volumes of container ${id}`;
    try {
      (await this.#connection.post({ what, path: `/libpod/containers/${inPath(id)}/init` })).resume();
    } catch (error) {
      if (!(error instanceof EngineError) || error.status !== 500) throw error;
    }
  }

  override async start(id: string): Promise<void> {
    const own = this.#own.get(id);
    if (own?.failure !== undefined) throw own.failure;
    try {
      await super.start(id);
    } catch (error) {
      // It may run: whoever waits for its end finds out.
      if (error instanceof EngineError && error.code === "ENGINE_GONE") own?.hasStarted();
      throw error;
    }
    own?.hasStarted();
  }

  /** See the difference "attach". */
  override async attach(id: string, options: AttachOptions): Promise<Attachment> {
    try {
      return await super.attach(id, options);
    } catch (error) {
      const words =
        error instanceof EngineError ? /^preparing container \S+ for attach: /.exec(error.message) : null;
      if (!(error instanceof EngineError) || words === null) throw error;
      const reason = error.message.slice(words[0].length);
      const failure = new EngineError(reason, {
        status: error.status,
        hint: hintForWords(reason),
        cause: error,
      });
      const own = this.#own.get(id);
      if (own !== undefined) own.failure = failure;
      return nothingAttached(options);
    }
  }

  /** See the differences "wait" and "auto-remove". */
  override async wait(id: string, condition: "not-running" | "next-exit" | "removed"): Promise<number> {
    if (condition !== "not-running") await this.#own.get(id)?.started;
    const what = `wait for container ${id}`;
    const answer = await this.#connection.post({
      what,
      path: `/libpod/containers/${inPath(id)}/wait`,
      query: { interval: pollInterval },
    });
    const exitCode = await readJsonAnswer(answer as IncomingMessage, what);
    if (typeof exitCode !== "number")
      throw new EngineError(`${what}: no exit code came`, { code: "PROTOCOL" });
    if (condition === "removed") await this.#removeEnded(id, exitCode);
    return exitCode;
  }

  /** See the difference "logs". Of a log whose tail alone was asked for, nobody knows where it began. */
  override async logs(id: string, options: Parameters<Engine["containerLogs"]>[1]): Promise<Attachment> {
    const log = await super.logs(id, options);
    const isWhole = options.tail === "" || options.tail === "all";
    if (!options.follow || !isWhole) return log;
    return followedToTheEnd(log, () => super.logs(id, { ...options, follow: false }));
  }

  async #removeEnded(id: string, exitCode: number): Promise<void> {
    try {
      await this.remove(id, { force: true, volumes: true });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      if (error.status !== 404) throw new NotRemovedError(exitCode, error);
    }
  }
}

/** Streams that have ended, for a container that will not run. */
function nothingAttached(options: AttachOptions): Attachment {
  const ended = (): PassThrough => {
    const stream = new PassThrough();
    stream.end();
    return stream;
  };
  return {
    stdout: ended(),
    stderr: ended(),
    stdin: options.stdin ? new PassThrough().resume() : undefined,
    done: Promise.resolve(),
    close: () => {},
  };
}
