import type { FilesystemHook } from "../signal/index.js";
import type { ClockOffset } from "./clock-offset.js";
import type { FaultRule } from "./fault-rule.js";

/** As the container sees it. */
export type Direction = "output" | "input";

/** Which packets are shaken. Each list is "any of"; an empty list is "all". */
export interface PacketMatch {
  readonly protocol: readonly ("tcp" | "udp" | "icmp" | "icmpv6" | "sctp")[];
  /** Source or destination port. */
  readonly ports: readonly PortRange[];
  /** Missing: any direction of `ethernet.directions`. */
  readonly directions?: readonly Direction[];
}

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** The effective configuration: Namazu's keys, then ours. Frozen. Times are milliseconds, whatever the file wrote. */
export interface Autopilot {
  readonly init: string;
  readonly run: string;
  readonly validate: string;
  readonly clean: string;
  readonly notCleanIfValidationFail: boolean;
  readonly storageType: string;
  readonly restPort: number;
  readonly pbPort: number;
  readonly skipInitOrchestrator: boolean;
  readonly explorePolicy: string;
  /** Untouched: the policy's own schema reads it. */
  readonly explorePolicyParam: Readonly<Record<string, unknown>>;
  /** In the order in which they are tried. */
  readonly faults: readonly FaultRule[];
  readonly container: {
    readonly enableEthernetInspector: boolean;
    readonly enableProcInspector: boolean;
    readonly enableFSInspector: boolean;
    readonly ethernetNFQNumber: number;
    readonly procWatchIntervalMs: number;
  };
  readonly proc: {
    /** Of the workload; 0: all that there are. */
    readonly cpus: number;
    /** Of a command that `nmz inspectors proc` starts. */
    readonly clockOffset: ClockOffset;
  };
  readonly ethernet: {
    readonly driver: "netlink" | "nfqueue";
    /** Where packets are looked at: what the config says, and every direction that a match names. */
    readonly directions: readonly Direction[];
    /** Empty: everything. A packet that matches any of them is shaken. */
    readonly match: readonly PacketMatch[];
  };
  readonly fs: {
    readonly driver: "kernel" | "fuse-native";
    /** What the config says, and every operation that a fault rule needs. */
    readonly hooks: readonly FilesystemHook[];
    /** Reads pass the kernel's cache by: the config says so, or a fault rule is about reads. */
    readonly directReads: boolean;
    /** Volumes can lose what was never synced. */
    readonly crash: boolean;
  };
}
