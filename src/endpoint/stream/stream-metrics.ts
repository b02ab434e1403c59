import { counter, gauge, type MetricSource } from "../http/index.js";

/** What a stream counts. */
export interface StreamCounts {
  readonly connections: number;
  /** Events that came over it. */
  readonly events: number;
  /** Items and messages that were refused. */
  readonly refused: number;
  /** Deferred events without an answer. */
  readonly held: number;
}

/** docs/rest.md lists them, and a test compares. */
export function streamMetrics(counts: () => StreamCounts): readonly MetricSource[] {
  return [
    gauge("nmz_stream_connections", "Clients of the stream.", () => counts().connections),
    gauge(
      "nmz_stream_outstanding_events",
      "Deferred events of the stream that have no answer yet.",
      () => counts().held,
    ),
    counter("nmz_stream_events_total", "Events that came over the stream.", () => counts().events),
    counter(
      "nmz_stream_refused_total",
      "Items and messages of the stream that were refused.",
      () => counts().refused,
    ),
  ];
}
