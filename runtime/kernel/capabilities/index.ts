/**
 * What this process may do, as the kernel sees it: the effective capabilities of capabilities(7).
 *
 * Must not know what they are needed for. Revisit when the kernel adds a capability: the table is by bit number.
 */
export * from "./effective-capabilities.js";
