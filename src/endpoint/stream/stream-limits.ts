/** What one server bears of its clients. */
export interface StreamLimits {
  readonly maxConnections: number;
  /** Bytes of one message. */
  readonly maxMessageBytes: number;
  /** Deferred events of one connection that have no answer yet. */
  readonly maxEvents: number;
  /** Bytes of such events, of all connections together, about. */
  readonly maxEventBytes: number;
  /** Bytes of answers that a client has not taken; beyond it we do not read from it until it has. */
  readonly maxUntakenBytes: number;
  /** How often a client that says nothing is asked for a sign of life; after three times it counts as gone. */
  readonly pingIntervalMs: number;
}

export const defaultStreamLimits: StreamLimits = {
  maxConnections: 1_000,
  maxMessageBytes: 16 * 1024 * 1024,
  maxEvents: 65_536,
  maxEventBytes: 256 * 1024 * 1024,
  maxUntakenBytes: 4 * 1024 * 1024,
  pingIntervalMs: 5_000,
};
