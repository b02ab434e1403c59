/**
 * A user's own policy: found by its path in the config, loaded, and handed on as an entry like a built-in one. A file of
 * TypeScript or JavaScript is loaded by jiti, without a build; a program in any language is a child process that speaks
 * the line protocol of docs/policy-protocol.md.
 *
 * Here is the I/O that src/policy must not do. Must not know who decides when: containment (a policy that throws, hangs,
 * answers twice) is the orchestrator's. Invariant: nothing is loaded, and jiti neither, unless a config names a path.
 */
export * from "./load-autopilot-with-policy.js";
export * from "./load-policy.js";
