import type { Registry } from "prom-client";
import { Durations, type HttpMetrics } from "./http-metrics.js";
import type { MetricSource } from "./metric-source.js";

export interface Page {
  readonly contentType: string;
  readonly text: string;
}

/**
 * `GET /metrics`. Everything is counted in plain numbers where it happens; prom-client is loaded, and turns them into its
 * format, when the first scraper asks.
 */
export class MetricsPage {
  readonly #sources: MetricSource[];
  readonly #http: HttpMetrics;
  #registry: Promise<Registry> | undefined;

  constructor(sources: readonly MetricSource[], http: HttpMetrics) {
    this.#sources = [...sources];
    this.#http = http;
  }

  add(sources: readonly MetricSource[]): void {
    this.#sources.push(...sources);
    this.#registry = undefined; // the next scraper's has them; nothing is kept in a registry
  }

  async render(): Promise<Page> {
    this.#registry ??= this.#open();
    const registry = await this.#registry;
    return { contentType: registry.contentType, text: await registry.metrics() };
  }

  async #open(): Promise<Registry> {
    const { Counter, Gauge, Registry } = await import("prom-client");
    const own = new Registry();
    for (const { name, help, kind, label, read } of this.#sources) {
      const base = { name, help, registers: [own], labelNames: label === undefined ? [] : [label] };
      if (kind === "gauge") {
        new Gauge({
          ...base,
          collect() {
            this.reset();
            for (const [labels, value] of samples(label, read())) this.set(labels, value);
          },
        });
      } else {
        new Counter({
          ...base,
          collect() {
            this.reset();
            for (const [labels, value] of samples(label, read())) this.inc(labels, value);
          },
        });
      }
    }
    own.registerMetric(durationsMetric(this.#http) as never);
    return Registry.merge([own, await processRegistry()]);
  }
}

let ofProcess: Promise<Registry> | undefined;

/** Memory, descriptors, event loop: of the process, so there is one of them, whatever the number of endpoints. */
function processRegistry(): Promise<Registry> {
  ofProcess ??= import("prom-client").then(({ collectDefaultMetrics, Registry }) => {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    return registry;
  });
  return ofProcess;
}

function samples(
  label: string | undefined,
  value: number | ReadonlyMap<string, number>,
): [Record<string, string>, number][] {
  if (typeof value === "number") return [[{}, value]];
  return [...value].map(([name, count]) => [label === undefined ? {} : { [label]: name }, count]);
}

/** A histogram in the form that a registry asks its metrics for; prom-client's own keeps its numbers to itself. */
function durationsMetric(http: HttpMetrics) {
  const name = "nmz_http_request_duration_seconds";
  return {
    name,
    get: async () => ({
      name,
      help: "How long requests took until they were answered; for GET /api/v3/actions that is the wait for an action.",
      type: "histogram",
      aggregator: "sum",
      values: [...http.durations].flatMap(([method, ofRoute]) =>
        [...ofRoute].flatMap(([route, durations]) => bucketsOf(name, { method, route }, durations)),
      ),
    }),
    reset: () => http.durations.clear(),
  };
}

function bucketsOf(name: string, labels: Readonly<Record<string, string>>, { counts, sumMs }: Durations) {
  let sum = 0;
  const buckets = [...counts].map((count, index) => {
    sum += count;
    const boundMs = Durations.boundsMs[index];
    const le = boundMs === undefined ? "+Inf" : boundMs / 1000;
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: sum };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sumMs / 1000 },
    { metricName: `${name}_count`, labels, value: sum },
  ];
}
