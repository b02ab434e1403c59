/**
 * Mounts: making and undoing them, private copies of a mount tree, and what is mounted where. Talks to the kernel
 * through mount(2), umount2(2), open_tree(2) and /proc/self/mountinfo; never through a mount program.
 *
 * Invariant: nothing here touches a path below a mount point, which would block on a file server that is ourselves.
 */
export * from "./abort-fuse-connection.js";
export * from "./clone-mount-tree.js";
export * from "./mount.js";
export * from "./mount-options.js";
export * from "./mount-place.js";
export * from "./mountinfo.js";
