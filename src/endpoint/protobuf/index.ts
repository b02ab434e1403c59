/**
 * Namazu's protobuf wire, for agents in a JVM (docs/protobuf.md): a 4-byte little-endian length, then a proto2 message.
 * A function that was called or has returned becomes a JavaFunctionEvent, and the thread in the JVM waits for its ACK.
 *
 * Must not know who decides: it is given a `Control`. Invariants: every request whose id can be read is answered, on
 * the connection that asked; a frame that is too long, or no message, costs its own connection at most; a client that
 * does not read its answers is not read from either, so nothing grows without a bound. The wire has no place for a
 * token: it is bound to loopback, or to what its caller vouches for.
 */
export { defaultLimits, type ProtobufLimits } from "./limits.js";
export { type ProtobufEndpointOptions, startProtobufEndpoint } from "./protobuf-endpoint.js";
