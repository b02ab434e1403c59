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
    name: "config-update",
    what: "two processes, one configstore: files",
    // A volume, so that nmzc has files to shake.
    options: ["--volume", "/state", "--env", "XDG_CONFIG_HOME=/state"],
    command: ["node", "config-update/config-update.cjs"],
    autopilot: "examples/config-update/autopilot.toml",
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
