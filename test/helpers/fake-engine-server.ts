import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { release, tmpdir } from "node:os";
import { join } from "node:path";

/** Answers one request; path without the version prefix. Undefined: the server's own answer, or 404. */
export type Route = (
  request: IncomingMessage & { readonly route: string; readonly query: URLSearchParams },
  response: ServerResponse,
) => void;

/** A container engine on a unix socket, as much of it as a test says. */
export interface FakeEngineServer extends AsyncDisposable {
  readonly socketPath: string;
  /** Environment with which `openEngine` finds it. */
  readonly environment: Readonly<Record<string, string>>;
  /** "GET /v1.41/info", in order of arrival. */
  readonly requests: readonly string[];
}

export interface FakeEngineOptions {
  readonly info?: object;
  readonly version?: object;
  readonly routes?: Readonly<Record<string, Route>>;
  /** Gets a hijacked connection after the engine's 101. */
  readonly onHijack?: (socket: Socket, request: IncomingMessage) => void;
  /** The engine's words (409) instead of a connection. */
  readonly hijackRefusal?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export async function startFakeEngineServer(options: FakeEngineOptions = {}): Promise<FakeEngineServer> {
  const folder = mkdtempSync(join(tmpdir(), "nmzc-fake-engine-"));
  const socketPath = join(folder, "engine.sock");
  const requests: string[] = [];
  const json = (response: ServerResponse, value: object): void => {
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(value));
  };
  const routes: Record<string, Route> = {
    "GET /version": (_, response) =>
      json(response, { Version: "20.10.24", ApiVersion: "1.41", MinAPIVersion: "1.12", ...options.version }),
    "GET /info": (_, response) =>
      json(response, {
        KernelVersion: release(),
        DockerRootDir: "/",
        CgroupDriver: "cgroupfs",
        ...options.info,
      }),
    ...options.routes,
  };
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const url = new URL(request.url ?? "/", "http://engine");
    const route = `${request.method} ${url.pathname.replace(/^\/v[\d.]+/, "")}`;
    const handler = routes[route];
    if (handler !== undefined) handler(Object.assign(request, { route, query: url.searchParams }), response);
    else {
      response.statusCode = 404;
      json(response, { message: `page not found: ${route}` });
    }
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => {});
  });
  server.on("upgrade", (request: IncomingMessage, socket: Socket) => {
    requests.push(`${request.method} ${request.url}`);
    if (options.hijackRefusal !== undefined) {
      const words = JSON.stringify({ message: options.hijackRefusal });
      const head = `HTTP/1.1 409 Conflict\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(words)}`;
      socket.end(`${head}\r\nConnection: close\r\n\r\n${words}`);
      return;
    }
    socket.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
    options.onHijack?.(socket, request);
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    socketPath,
    environment: { DOCKER_HOST: `unix://${socketPath}`, DOCKER_CONFIG: folder, ...options.environment },
    requests,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
