/** A program that practically never fails alone. */
export interface Program {
  readonly name: string;
  /** What goes wrong in it, in a few words. */
  readonly what: string;
  /** Options of `run`, the same for docker and nmzc. */
  readonly options: readonly string[];
  readonly command: readonly string[];
  /** Below the repository: what nmzc is told. */
  readonly autopilot: string;
}

/** The programs of images/flaky; each is described in examples/<name>/README.md. */
export const programs: readonly Program[] = [
  {
    name: "ncp-copy",
    what: "ncp 0.4.2's own tests: files",
    // A volume, so that nmzc has files to shake; without one its content would be part of the image.
    options: ["--volume", "/programs/ncp-copy/node_modules/ncp/test/fixtures"],
    command: ["node", "ncp-copy/node_modules/vows/bin/vows", "ncp-copy/node_modules/ncp/test/ncp-test.js"],
    autopilot: "examples/ncp-copy/autopilot.toml",
  },
  {
    name: "tcp-order",
    what: "two TCP connections: packets",
    options: [],
    command: ["node", "tcp-order/tcp-order.mjs"],
    autopilot: "examples/tcp-order/autopilot.toml",
  },
  {
    name: "thread-order",
    what: "an unawaited thread: threads",
    // One CPU for both: on two, the threads do not compete.
    options: ["--cpuset-cpus", "0"],
    command: ["node", "thread-order/thread-order.mjs"],
    autopilot: "examples/thread-order/autopilot.toml",
  },
];
