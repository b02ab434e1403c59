import { Agent, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type Docker from "dockerode";
import { EngineError, toEngineError } from "./engine-error.js";
import { loadDockerode } from "./load-dockerode.js";

type Query = Readonly<Record<string, string | number | boolean>>;

interface RawRequest {
  /** Names the request in errors that have no words of the engine: "attach to container abc". */
  readonly what: string;
  /** With the query left out, e.g. "/containers/abc/attach". */
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** Statuses that are no failure; by default those of success. */
  readonly statusCodes?: readonly number[];
}

/**
 * dockerode on one unix socket, and the requests that it has no good method for. Connections are not kept: a new
 * one on a unix socket costs 0.1 ms, and a kept one fails the first request after the engine was restarted.
 */
export class EngineConnection {
  readonly docker: Docker;

  constructor(socketPath: string, apiVersion?: string) {
    const Dockerode = loadDockerode();
    // Host and protocol keep docker-modem from using DOCKER_HOST, which discovery has already judged.
    const options: Docker.DockerOptions & { readonly agent: Agent } = {
      socketPath,
      host: "",
      protocol: "http",
      agent: new Agent({ keepAlive: false }),
      ...(apiVersion === undefined ? {} : { version: `v${apiVersion}` }),
    };
    this.docker = new Dockerode(options);
  }

  /** A request through dockerode, with its failure as an EngineError. */
  async call<T>(what: string, request: (docker: Docker) => Promise<T>): Promise<T> {
    try {
      return await request(this.docker);
    } catch (error) {
      throw toEngineError(error, what);
    }
  }

  /** The answer as soon as its headers are here; the body is the caller's to read. */
  async post(request: RawRequest): Promise<IncomingMessage> {
    return (await this.#dial("POST", request, false)) as IncomingMessage;
  }

  /** The same for what is only asked for. */
  async read(request: RawRequest): Promise<IncomingMessage> {
    return (await this.#dial("GET", request, false)) as IncomingMessage;
  }

  /** Its headers; the body is thrown away. */
  async get(request: RawRequest): Promise<Pick<IncomingMessage, "headers">> {
    const answer = await this.read(request);
    answer.resume();
    return answer;
  }

  /** The connection itself, after the engine has agreed to hand it over (Docker Engine API, "Hijacking"). */
  async hijack(request: RawRequest): Promise<Socket> {
    const stream = await this.#dial("POST", request, true);
    if ("remoteAddress" in stream && "setKeepAlive" in stream) return stream as Socket;
    stream.destroy();
    throw new EngineError(`${request.what}: the engine did not hand its connection over`, {
      code: "PROTOCOL",
    });
  }

  /**
   * The body is always of a stated length: docker-modem would send a hijacking request in chunks, and what it sends of
   * them can arrive as the workload's first input.
   */
  #dial(method: "GET" | "POST", request: RawRequest, hijack: boolean): Promise<IncomingMessage | Socket> {
    const body = request.body === undefined ? "" : JSON.stringify(request.body);
    return new Promise((resolve, reject) => {
      this.docker.modem.dial(
        {
          path: `${request.path}?`,
          method,
          options: { _query: request.query ?? {} },
          ...(method === "GET" ? {} : { file: Buffer.from(body) }),
          headers: { "Content-Type": body === "" ? "text/plain" : "application/json" },
          hijack,
          isStream: true,
          ...(request.signal === undefined ? {} : { abortSignal: request.signal }),
          statusCodes: Object.fromEntries(
            (request.statusCodes ?? [101, 200, 201, 204]).map((status) => [status, true]),
          ),
        },
        (error: Error | null, stream: unknown) => {
          if (error !== null && error !== undefined) reject(toEngineError(error, request.what));
          else resolve(stream as IncomingMessage | Socket);
        },
      );
    });
  }
}
