/** What one endpoint takes before it says no, or reads more slowly. */
export interface ProtobufLimits {
  /** The longest message, in bytes; its connection is closed. */
  readonly frameBytes: number;
  /** Events of one connection that wait for their answers; beyond it the connection is not read from. */
  readonly outstanding: number;
  /** Bytes of all events that wait, over all connections; beyond it each connection has one event at a time. */
  readonly outstandingBytes: number;
  /** Connections at one time; further ones are closed at once. The original's agent may open one per event. */
  readonly connections: number;
  /** Lines about clients that send nonsense; each connection anew may be one. */
  readonly warnings: number;
}

export const defaultLimits: ProtobufLimits = {
  frameBytes: 1024 * 1024,
  outstanding: 16_384,
  outstandingBytes: 256 * 1024 * 1024,
  connections: 4_096,
  warnings: 100,
};
