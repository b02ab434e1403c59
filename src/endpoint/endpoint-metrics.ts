import type { Control } from "./endpoint.js";
import { counter, gauge, type HttpMetrics, type MetricSource } from "./http/index.js";
import type { EntityQueues } from "./rest/index.js";
import type { SignalCounts } from "./signal-counts.js";

export interface Counted {
  readonly control: Control;
  readonly queues: EntityQueues;
  readonly http: HttpMetrics;
  readonly signals: SignalCounts | undefined;
}

/** The metrics of every wire, and of REST; docs/rest.md lists them, and a test compares. */
export function endpointMetrics({ control, queues, http, signals }: Counted): readonly MetricSource[] {
  const byClass: readonly MetricSource[] =
    signals === undefined
      ? []
      : [
          counter("nmz_events_total", "Events that were answered, by class.", () => signals.events, "class"),
          counter(
            "nmz_actions_total",
            "Actions that were carried out, by class.",
            () => signals.actions,
            "class",
          ),
        ];
  return [
    ...byClass,
    counter("nmz_events_received_total", "Events that came in, over all wires.", () => control.counts.events),
    counter("nmz_events_delayed_total", "Events that were delayed.", () => control.counts.delayed),
    gauge("nmz_events_held", "Events that are being delayed now.", () => control.counts.held),
    counter(
      "nmz_policy_errors_total",
      "Failures of the policy, or of carrying out what it decided.",
      () => control.counts.errors,
    ),
    gauge("nmz_orchestration_enabled", "1 while the policy decides, 0 while all is accepted.", () =>
      control.isEnabled ? 1 : 0,
    ),
    gauge(
      "nmz_rest_entities",
      "Entities with events outstanding, or a poller.",
      () => queues.counts.entities,
    ),
    gauge("nmz_rest_pollers", "Requests that wait for an action.", () => queues.counts.pollers),
    gauge(
      "nmz_rest_outstanding_events",
      "Deferred events whose action has not been deleted.",
      () => queues.counts.events,
    ),
    gauge("nmz_rest_outstanding_bytes", "Bytes of those events and actions.", () => queues.counts.bytes),
    gauge("nmz_rest_queued_actions", "Actions that wait to be fetched.", () => queues.counts.waitingActions),
    gauge(
      "nmz_rest_longest_queue",
      "Actions that wait for the entity with most of them.",
      () => queues.longestQueue,
    ),
    counter(
      "nmz_rest_lost_actions_total",
      "Actions on events that nobody holds, which found their queue full.",
      () => queues.counts.lostActions,
    ),
    counter(
      "nmz_http_refused_total",
      "Requests that were refused, by the code of the error.",
      () => http.refused,
      "code",
    ),
  ];
}
