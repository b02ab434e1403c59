import type { LostData } from "./crash.js";

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
  /** What the server can ask of a client that offers it, each with its version; servers before these asked for nothing. */
  readonly abilities?: readonly string[];
}

/** Losing what was never synced. */
export const crashAbility = "crashFs.v1";

/** A client's: it can do this, for the file system with this entity. */
export interface StreamOffer {
  readonly type: "offer";
  readonly ability: typeof crashAbility;
  readonly entity: string;
}

/** A server's: do it now. Answered by one result with this id. */
export interface StreamCommand {
  readonly type: "command";
  readonly ability: typeof crashAbility;
  readonly id: string;
  readonly entity: string;
}

/** A client's: it was done, or why it could not be. */
export type StreamResult = { readonly type: "result"; readonly id: string } & (
  | { readonly lost: readonly LostData[]; readonly failed: readonly string[] }
  | { readonly error: string }
);

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
