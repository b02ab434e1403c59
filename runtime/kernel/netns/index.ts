/**
 * Network namespaces. A namespace belongs to the *thread*, so work in another one is one synchronous block: enter,
 * make the socket or start the child process, come back. What was made there stays there.
 *
 * Must not know what the work is for. Invariants: nothing asynchronous runs inside a foreign namespace; a thread
 * that cannot come back ends the process, because everything it did afterwards would happen in the wrong network.
 */
export * from "./in-netns.js";
export * from "./listen-on-loopback.js";
export * from "./netns-identity.js";
