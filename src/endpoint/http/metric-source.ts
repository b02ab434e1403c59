/** One metric that somebody keeps as plain numbers. */
export interface MetricSource {
  readonly name: string;
  readonly help: string;
  readonly kind: "counter" | "gauge";
  /** A number, or one for each value of `label`. */
  readonly read: () => number | ReadonlyMap<string, number>;
  readonly label?: string;
}

export function counter(
  name: string,
  help: string,
  read: MetricSource["read"],
  label?: string,
): MetricSource {
  return { name, help, kind: "counter", read, ...(label === undefined ? {} : { label }) };
}

export function gauge(name: string, help: string, read: MetricSource["read"]): MetricSource {
  return { name, help, kind: "gauge", read };
}
