import type { Server } from "node:http";
import type { Control, Endpoint } from "./endpoint.js";
import { endpointMetrics } from "./endpoint-metrics.js";
import {
  accessRule,
  defaultHttpLimits,
  type HttpLimits,
  HttpMetrics,
  HttpServer,
  MetricsPage,
  serviceRoutes,
  type UpgradeRoute,
} from "./http/index.js";
import { hostAndPort, listen } from "./listen.js";
import { drained, EntityQueues, v3Routes } from "./rest/index.js";
import type { SignalCounts } from "./signal-counts.js";

export interface HttpEndpointOptions {
  readonly control: Control;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** What clients must bring; needed where others than this machine can reach the port. */
  readonly token?: string | undefined;
  readonly limits?: Partial<HttpLimits>;
  /** The orchestrator's observer, for the metrics by class. */
  readonly signals?: SignalCounts;
  /** What the person who runs the orchestrator should know, each cause once. */
  readonly onWarning: (line: string) => void;
}

/** REST v3, health and metrics on one port, and room for a stream. */
export interface HttpEndpoint extends Endpoint {
  readonly server: Server;
  /** Puts another protocol on the port. Its requests are authorised; it is closed with the endpoint, first. */
  attach(route: UpgradeRoute): void;
}

/** Throws NMZ_ENDPOINT_TOKEN, NMZ_ENDPOINT_PORT and NMZ_ENDPOINT_LISTEN. */
export async function startHttpEndpoint(options: HttpEndpointOptions): Promise<HttpEndpoint> {
  const { control, host, token, signals, onWarning } = options;
  const limits = { ...defaultHttpLimits, ...options.limits };
  const metrics = new HttpMetrics();
  const access = accessRule(host, token);
  const queues = new EntityQueues(limits, () =>
    onWarning("REST: an action on an event that nobody holds was lost: its entity's queue is full"),
  );
  const metricsPage = new MetricsPage(endpointMetrics({ control, queues, http: metrics, signals }), metrics);
  let closing: Promise<void> | undefined;
  const routes = [
    ...v3Routes({ control, queues, maxBodyBytes: limits.maxBodyBytes }),
    ...serviceRoutes({
      metrics: metricsPage,
      announcements: () => http.announcements,
      health: () => ({ isClosing: closing !== undefined, isEnabled: control.isEnabled }),
    }),
  ];
  const http = new HttpServer({ routes, access, limits, metrics, onWarning });
  const place = { host, port: options.port, portFlag: "--rest-port" };
  const { port } = await listen(http.server, place, onWarning);
  const close = async (): Promise<void> => {
    queues.beginClosing();
    await Promise.all([http.closeUpgrades(), drained(queues, limits)]);
    await http.close();
  };
  return {
    address: `http://${hostAndPort(host, port)}`,
    port,
    server: http.server,
    attach(route) {
      http.attach(route);
      metricsPage.add(route.metrics ?? []);
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}
