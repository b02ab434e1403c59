/**
 * Podman as a child of this process, for a machine where no engine runs: `podman system service` on a socket of our own
 * below /run/nmzc. Images and containers are in root's own store, so what `podman pull` brought is there, and a
 * container outlives the service that started it (conmon holds it).
 *
 * Must not know the Engine interface: it answers a socket. Invariants: one child for this process, however often it is
 * asked for; the child ends with us, whichever way we end (PR_SET_PDEATHSIG by setpriv), and takes its socket with it; one
 * that dies while we live is started again on the same socket.
 *
 * Look again when a Podman can be spoken to without a socket.
 */
export { canStartEmbedded, startEmbedded } from "./embedded-podman.js";
export { sweepEmbedded } from "./socket-file.js";
