/** Where the stream is served, beside REST v3 (docs/stream.md). */
export const streamPath = "/api/v4/stream";

/** The WebSocket subprotocol, with its version: both ends must name it. */
export const streamProtocol = "nmz-stream.v1";

/** The header by which `GET /` says that a stream is served. */
export const streamHeader = "nmz-stream";

/** The first item that a server sends. */
export interface StreamHello {
  readonly type: "hello";
  readonly protocol: typeof streamProtocol;
  readonly limits: {
    /** The longest message that the server reads. */
    readonly message_bytes: number;
    /** How many deferred events one connection may have unanswered. */
    readonly events: number;
  };
}

/** Something that the server does not do. With `event_uuid`: that event gets no other answer. */
export interface StreamError {
  readonly type: "error";
  readonly code: string;
  /** What was wrong, by key or byte. */
  readonly message: string;
  readonly event_uuid?: string;
  /** Which item of its message it was, from 0. */
  readonly index?: number;
}
