/**
 * A folder mirrored through FUSE, spoken from TypeScript (linux/fuse.h, protocol 7.x): each operation on the mirror is
 * done on the folder behind it, as the caller, and the hooked ones wait for an answer first.
 */
export * from "./filesystem-server.js";
export * from "./fuse-native-filesystem-server.js";
