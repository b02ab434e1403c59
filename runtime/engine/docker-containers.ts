import type { IncomingMessage } from "node:http";
import { attachToAnswer, attachToSocket } from "./attachment.js";
import type { EngineConnection } from "./connection.js";
import type { ContainerBody } from "./container-body.js";
import { containerInfoOf } from "./container-info.js";
import { spellDetachKeys } from "./detach-keys.js";
import type { Attachment, AttachOptions, ContainerInfo, Engine } from "./engine.js";
import { EngineError, toEngineError } from "./engine-error.js";

/** Containers of one engine: the part of `Engine` that needs nothing but their ids. */
export class DockerContainers {
  readonly #connection: EngineConnection;
  /** Waits on their way to the engine, by container: a start must not overtake them. */
  readonly #waitsUnderway = new Map<string, Set<Promise<unknown>>>();

  constructor(connection: EngineConnection) {
    this.#connection = connection;
  }

  async create(
    body: ContainerBody,
    options: { readonly name?: string; readonly platform?: string },
  ): Promise<{ readonly id: string; readonly warnings: readonly string[] }> {
    const query = {
      ...(options.name === undefined ? {} : { name: options.name }),
      ...(options.platform === undefined ? {} : { platform: options.platform }),
    };
    const answer = await this.#connection.post({
      what: "create container",
      path: "/containers/create",
      query,
      body,
    });
    const created = (await readJsonAnswer(answer, "create container")) as {
      Id: string;
      Warnings?: string[] | null;
    };
    return { id: created.Id, warnings: created.Warnings ?? [] };
  }

  /** Docker has done it at the container's creation. */
  async fillVolumes(_id: string): Promise<void> {}

  async start(id: string): Promise<void> {
    await Promise.allSettled(this.#waitsUnderway.get(id) ?? []);
    await this.#connection.call(`start container ${id}`, (docker) => docker.getContainer(inPath(id)).start());
  }

  async attach(id: string, options: AttachOptions): Promise<Attachment> {
    const socket = await this.#connection.hijack({
      what: `attach to container ${id}`,
      path: `/containers/${inPath(id)}/attach`,
      query: {
        stream: 1,
        stdin: options.stdin ? 1 : 0,
        stdout: 1,
        stderr: 1,
        ...(options.detachKeys === undefined ? {} : { detachKeys: spellDetachKeys(options.detachKeys) }),
      },
    });
    return attachToSocket(socket, options);
  }

  async resize(id: string, columns: number, rows: number): Promise<void> {
    await this.#connection.call(`resize container ${id}`, (docker) =>
      docker.getContainer(inPath(id)).resize({ w: columns, h: rows }),
    );
  }

  /**
   * The engine answers with headers when it has begun to wait and with the exit code when the wait is over. `start`
   * waits for those headers, so a container that ends at once is not missed.
   */
  async wait(id: string, condition: "not-running" | "next-exit" | "removed"): Promise<number> {
    const what = `wait for container ${id}`;
    const begun = this.#connection.post({
      what,
      path: `/containers/${inPath(id)}/wait`,
      query: { condition },
    });
    const underway = this.#waitsUnderway.get(id) ?? new Set();
    this.#waitsUnderway.set(id, underway.add(begun));
    let answer: IncomingMessage;
    try {
      answer = await begun;
    } finally {
      underway.delete(begun);
      if (underway.size === 0) this.#waitsUnderway.delete(id);
    }
    const result = (await readJsonAnswer(answer, what)) as {
      StatusCode: number;
      Error?: { Message?: string } | null;
    };
    const message = result.Error?.Message;
    if (message !== undefined && message !== "") throw new EngineError(message, { status: 500 });
    return result.StatusCode;
  }

  async kill(id: string, signal: string): Promise<void> {
    await this.#connection.call(`kill container ${id}`, (docker) =>
      docker.getContainer(inPath(id)).kill({ signal }),
    );
  }

  /** With a signal of its own the stop is made here: engines below API 1.42 know only the container's. */
  async stop(id: string, timeoutSeconds: number | undefined, signal: string | undefined): Promise<void> {
    if (signal !== undefined) return this.#stopWithSignal(id, timeoutSeconds ?? 10, signal);
    const options = timeoutSeconds === undefined ? {} : { t: timeoutSeconds };
    try {
      await this.#connection.call(`stop container ${id}`, (docker) =>
        docker.getContainer(inPath(id)).stop(options),
      );
    } catch (error) {
      if (!(error instanceof EngineError) || error.status !== 304) throw error; // 304: it does not run
    }
  }

  async #stopWithSignal(id: string, timeoutSeconds: number, signal: string): Promise<void> {
    const stopped = this.wait(id, "not-running");
    stopped.catch(() => {});
    if (!(await this.inspect(id)).state.match(/^(running|paused|restarting)$/)) return;
    await this.#killIfRunning(id, signal);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<"late">((resolve) => {
      if (timeoutSeconds >= 0) timer = setTimeout(() => resolve("late"), timeoutSeconds * 1000);
    });
    try {
      if ((await Promise.race([stopped, late])) === "late") await this.#killIfRunning(id, "SIGKILL");
      await stopped;
    } finally {
      clearTimeout(timer);
    }
  }

  /** It may end by itself between any two requests. */
  async #killIfRunning(id: string, signal: string): Promise<void> {
    try {
      await this.kill(id, signal);
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== "CONFLICT") throw error;
    }
  }

  async remove(id: string, options: { readonly force: boolean; readonly volumes: boolean }): Promise<void> {
    await this.#connection.call(`remove container ${id}`, (docker) =>
      docker.getContainer(inPath(id)).remove({ force: options.force, v: options.volumes }),
    );
  }

  async inspect(id: string): Promise<ContainerInfo> {
    const inspected = await this.#connection.call(`inspect container ${id}`, (docker) =>
      docker.getContainer(inPath(id)).inspect(),
    );
    return containerInfoOf(inspected, Date.now());
  }

  /** Each one is inspected, because the engine's list holds neither pids nor exit codes; one that goes meanwhile is left out. */
  async list(options: { readonly all: boolean; readonly label: string }): Promise<readonly ContainerInfo[]> {
    const listed = await this.#connection.call("list containers", (docker) =>
      docker.listContainers({ all: options.all, filters: { label: [options.label] } }),
    );
    const found = await Promise.all(
      listed.map((container) =>
        this.inspect(container.Id).catch((error: unknown) => {
          if (error instanceof EngineError && error.status === 404) return undefined;
          throw error;
        }),
      ),
    );
    return found.filter((container) => container !== undefined);
  }

  async logs(id: string, options: Parameters<Engine["containerLogs"]>[1]): Promise<Attachment> {
    const { hasTty } = await this.inspect(id);
    const query = {
      follow: options.follow,
      stdout: true,
      stderr: true,
      timestamps: options.timestamps,
      tail: options.tail === "" ? "all" : options.tail,
      ...(options.since === "" ? {} : { since: options.since }),
      ...(options.until === "" ? {} : { until: options.until }),
    };
    // dockerode gathers logs that are not followed in one buffer; `follow` here is its word for "as a stream".
    const asStream = { follow: true, _query: query } as unknown as { follow: true };
    const answer = await this.#connection.call(`read logs of container ${id}`, (docker) =>
      docker.getContainer(inPath(id)).logs(asStream),
    );
    return attachToAnswer(answer as IncomingMessage, { tty: hasTty });
  }
}

/** Names come from users, and dockerode puts them into paths as they are. */
export function inPath(id: string): string {
  return encodeURIComponent(id);
}

/** The whole body, which is JSON. Throws ENGINE_GONE when it ends early. */
export async function readJsonAnswer(answer: IncomingMessage, what: string): Promise<unknown> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch (error) {
    // An engine that is stopped while it answers leaves half an answer.
    if (error instanceof SyntaxError) {
      throw new EngineError(`${what}: the container engine is gone (its answer ends early)`, {
        code: "ENGINE_GONE",
        hint: "see whether the engine was stopped or restarted",
        cause: error,
      });
    }
    throw toEngineError(error, what);
  }
}
