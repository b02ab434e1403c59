/**
 * A folder mirrored through FUSE, spoken from TypeScript (linux/fuse.h, protocol 7.x): each operation on the mirror is
 * done on the folder behind it, as the caller, and the hooked ones wait for an answer first.
 *
 * One thread per mount blocks in read(2) on /dev/fuse, does what it can by itself (operations/) and replies. A hooked
 * operation goes as a record to the main thread, which answers through shared memory; while it waits, others go on.
 * Nodes are O_PATH descriptors, never paths, so that renames, hard links and open files without a name stay what
 * they are. Rights are checked by the kernel (`default_permissions`, access control lists included).
 *
 * Decided: locks stay in the kernel, so they hold between all users of one mount and not between two mounts of the
 * same folder; reads go through the kernel's cache, so a `post-read` is a read that the cache could not answer; names
 * and attributes are believed for one second, after which a change made behind the mirror is seen.
 *
 * A mount made with `canCrash` remembers what was last synced of each file (unsynced-files.ts); names count as written at
 * once, and sync(2), of which FUSE tells no server, counts as nothing.
 *
 * Must not know what a hook is for. Invariants: the main thread never touches a path below a mount of ours (it would
 * wait for itself); every request gets exactly one reply; after `stop` no descriptor, thread or mount is left.
 */
export * from "./filesystem-server.js";
export * from "./fuse-native-filesystem-server.js";
export * from "./kernel-filesystem-server.js";
export * from "./probe-fuse.js";
