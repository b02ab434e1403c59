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
    return (await this.#dial(request, false)) as IncomingMessage;
  }

  /** The connection itself, after the engine has agreed to hand it over (Docker Engine API, "Hijacking"). */
  async hijack(request: RawRequest): Promise<Socket> {
    const stream = await this.#dial(request, true);
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
  #dial(request: RawRequest, hijack: boolean): Promise<IncomingMessage | Socket> {
    const body = request.body === undefined ? "" : JSON.stringify(request.body);
    return new Promise((resolve, reject) => {
      this.docker.modem.dial(
        {
          path: `${request.path}?`,
          method: "POST",
          options: { _query: request.query ?? {} },
          file: Buffer.from(body),
          headers: { "Content-Type": body === "" ? "text/plain" : "application/json" },
          hijack,
          isStream: true,
          ...(request.signal === undefined ? {} : { abortSignal: request.signal }),
          statusCodes: { 101: true, 200: true, 201: true, 204: true },
        },
        (error: Error | null, stream: unknown) => {
          if (error !== null && error !== undefined) reject(toEngineError(error, request.what));
          else resolve(stream as IncomingMessage | Socket);
        },
      );
    });
  }
}
