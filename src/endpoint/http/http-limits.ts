/** What one server bears. Whoever goes beyond is refused with words; nothing that was taken is ever thrown away. */
export interface HttpLimits {
  /** Bytes of a request's body. */
  readonly maxBodyBytes: number;
  /** Entities that have something outstanding, or a poller, at a time. */
  readonly maxEntities: number;
  /** Deferred events of one entity whose action has not been deleted yet. */
  readonly maxEventsPerEntity: number;
  /** The same over all entities. */
  readonly maxEvents: number;
  /** Bytes of those events' bodies and actions. */
  readonly maxEventBytes: number;
  readonly maxConnections: number;
  /** How long a client may take to send a request's headers. */
  readonly headersTimeoutMs: number;
  /** How long a client may take to send a whole request. */
  readonly requestTimeoutMs: number;
  /** How long a connection may be idle between requests. */
  readonly keepAliveTimeoutMs: number;
  /** At the end: how long clients may fetch what has been answered, as long as they go on deleting. */
  readonly drainMs: number;
  /** At the end: how long nobody may delete anything before the rest is given up. */
  readonly drainIdleMs: number;
}

export const defaultHttpLimits: HttpLimits = {
  maxBodyBytes: 4 << 20,
  maxEntities: 10_000,
  maxEventsPerEntity: 10_000,
  maxEvents: 100_000,
  maxEventBytes: 256 << 20,
  maxConnections: 10_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  // Longer than clients keep theirs: a request that meets a connection which we have just closed is lost.
  keepAliveTimeoutMs: 120_000,
  drainMs: 4000,
  drainIdleMs: 500,
};
