import type { IncomingMessage, Server } from "node:http";
import type { Control, Endpoint } from "./endpoint.js";
import {
  accessRule,
  defaultHttpLimits,
  type HttpLimits,
  HttpMetrics,
  HttpServer,
  hostAndPort,
  listen,
  type Route,
  type UpgradeRoute,
} from "./http/index.js";

export interface HttpEndpointOptions {
  readonly control: Control;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** What clients must bring; needed where others than this machine can reach the port. */
  readonly token?: string | undefined;
  readonly limits?: Partial<HttpLimits>;
  /** What the person who runs the orchestrator should know, each cause once. */
  readonly onWarning: (line: string) => void;
}

/** REST v3, health and metrics on one port, and room for a stream. */
export interface HttpEndpoint extends Endpoint {
  readonly server: Server;
  /** Whether whoever asks may speak to us: the token where there is one, else anybody on this machine but a browser. */
  authorise(request: IncomingMessage): boolean;
  /** Puts another protocol on the port. Its requests are authorised; it is closed with the endpoint, first. */
  attach(route: UpgradeRoute): void;
}

/** Throws NMZ_ENDPOINT_TOKEN, NMZ_ENDPOINT_PORT and NMZ_ENDPOINT_LISTEN. */
export async function startHttpEndpoint(options: HttpEndpointOptions): Promise<HttpEndpoint> {
  const { host, token, onWarning } = options;
  const limits = { ...defaultHttpLimits, ...options.limits };
  const metrics = new HttpMetrics();
  const access = accessRule(host, token);
  const root: Route = {
    path: "/",
    hasHead: true,
    handlers: {
      GET: (exchange) =>
        exchange.text(200, `Hello Namazu! -- RESTInspectorHandler(pid=${process.pid})\n`, http.announcements),
    },
  };
  const http = new HttpServer({ routes: [root], access, limits, metrics, onWarning });
  const port = await listen(http.server, { host, port: options.port, portFlag: "--rest-port" });
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await http.closeUpgrades();
    await http.close();
  };
  return {
    address: `http://${hostAndPort(host, port)}`,
    port,
    server: http.server,
    authorise: (request) => http.authorise(request),
    attach: (route) => http.attach(route),
    close() {
      closing ??= close();
      return closing;
    },
  };
}
