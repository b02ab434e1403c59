/**
 * File operations: a volume's folder is mirrored through FUSE, and each hooked operation on the mirror becomes a
 * FilesystemEvent that waits for its action: go on, or fail with EIO.
 *
 * Must not know who decides. Invariants: the workload sees the same files with the same rights as on the folder
 * itself; an operation that is held keeps no other one waiting, but for those that the kernel orders behind it (a
 * name in the same folder); an inspector that stops lets everything go first.
 */
export * from "./filesystem-inspector.js";
export * from "./loss-in-words.js";
export * from "./start-filesystem-inspector.js";
