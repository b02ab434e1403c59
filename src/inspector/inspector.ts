/** What an inspector has to say when it is asked, and at the end of the run. */
export interface InspectorReport {
  readonly inspector: "ethernet" | "fs" | "proc" | "syslog" | "java";
  /** The entity its events carry; several, each a JVM's, with commas between. */
  readonly entity: string;
  /** Events sent so far. */
  readonly events: number;
  /** Faults done so far, by `faultName`: "drop" → 12. */
  readonly faults: Readonly<Record<string, number>>;
  /** What could not be done, by reason, with how often: "SCHED_RR refused: EPERM" → 12. */
  readonly refusals: Readonly<Record<string, number>>;
  /** Anything else worth a line, by name. */
  readonly details: Readonly<Record<string, number | string>>;
}

/** An attached inspector. It was started by its own `start…Inspector` function. */
export interface Inspector {
  report(): InspectorReport;
  /** Detaches: accepts what is held, undoes what it did. Idempotent. */
  stop(): Promise<void>;
}
