import { filesystemHooks } from "../signal/index.js";
import { clockOffset } from "./clock-offset.js";
import { faultRules } from "./fault-rule.js";
import { boolean, choice, duration, integer, list, text } from "./key-kinds.js";
import type { KeySpec } from "./key-table.js";
import { isPlainTable, type ValuesOf } from "./key-table.js";
import { directions, packetMatches } from "./packet-match-kind.js";
import { tomlText } from "./toml-text.js";

/** Read by the policy's own table of parameters; here it only has to be a table. */
const policyParams: KeySpec<Readonly<Record<string, unknown>>> = {
  type: "table",
  expected: "a table of the policy's parameters",
  default: Object.freeze({}),
  meaning: "the policy's parameters: see [policies](policies.md)",
  read: (written) => (isPlainTable(written) ? written : undefined),
  write: tomlText,
};

/**
 * Every key of an autopilot: Namazu's with its defaults (osrg/namazu, nmz/util/config/config.go), then ours. Drives
 * reading, `nmz config show` and docs/config.md.
 */
export const autopilotKeys = {
  init: text("", { meaning: "`nmz init`: script in the materials folder, run once" }),
  run: text("", { meaning: "`nmz run`: the script of one experiment" }),
  validate: text("", { meaning: "`nmz run`: exit status 0 means the experiment succeeded" }),
  clean: text("", { meaning: "`nmz run`: script after the experiment was recorded" }),
  notCleanIfValidationFail: boolean(false, { meaning: "skip `clean` when `validate` failed" }),
  storageType: choice("naive", ["naive", "mongodb"], { meaning: "how experiments are stored" }),
  restPort: integer(-1, {
    min: -1,
    max: 65_535,
    meaning: "port of the REST endpoint; -1 is off, 0 any free one",
  }),
  pbPort: integer(-1, {
    min: -1,
    max: 65_535,
    meaning: "port of the protobuf endpoint; -1 is off, 0 any free one",
  }),
  skipInitOrchestrator: boolean(false, { meaning: "start with the orchestrator disabled" }),
  explorePolicy: text("random", {
    meaning:
      "the policy that decides on events ([policies](policies.md)): a name, or the file of [your own](write-a-policy.md), relative to this one",
  }),
  explorePolicyParam: policyParams,
  faults: faultRules,
  "container.enableEthernetInspector": boolean(false, { meaning: "shake the container's packets" }),
  "container.enableProcInspector": boolean(true, {
    meaning: "shake how the container's threads are scheduled",
  }),
  "container.enableFSInspector": boolean(true, {
    meaning: "shake file operations in the container's volumes",
  }),
  "container.ethernetNFQNumber": integer(42, {
    min: 1,
    max: 65_535,
    meaning: "netfilter queue number, inside the container's network namespace",
  }),
  "container.procWatchInterval": duration(1000, {
    isPositive: true,
    meaning: "how often all threads are scheduled anew",
  }),
  "proc.cpus": integer(0, {
    min: 0,
    meaning:
      "how many of its CPUs the workload gets, which ones is drawn from the seed; 0: all. One CPU turns real parallelism into preemption, which some bugs need; `dirichlet` needs all",
  }),
  "proc.clockOffset": clockOffset(
    "how far ahead of the machine's a command's CLOCK_MONOTONIC and CLOCK_BOOTTIME are (negative: behind): [`nmz inspectors proc -- COMMAND`](inspectors.md#clocks) only. CLOCK_REALTIME (the date) cannot be shifted",
  ),
  "ethernet.driver": choice("netlink", ["netlink", "nfqueue"], {
    meaning: "who speaks to the netfilter queue: nmzc itself, or the npm package nfqueue",
  }),
  "ethernet.directions": directions(["output"], {
    meaning: "`output`, `input` or `both`, or a list: packets that leave or enter the container",
    aliases: ["ethernet.direction"],
  }),
  "ethernet.match": packetMatches(
    "which packets are shaken: those that match any entry. An entry has `protocol`, `ports` and `directions`",
  ),
  "fs.driver": choice("kernel", ["kernel", "fuse-native"], {
    meaning: "who serves the volumes: nmzc itself, or the npm package fuse-native",
  }),
  "fs.directReads": boolean(false, {
    meaning:
      "each read(2) is a `post-read`, past the kernel's cache (Linux 6.6), so that a policy can make it short or wrong; a fault rule for reads turns it on",
  }),
  "fs.crash": boolean(false, {
    meaning:
      "it is remembered what was not synced, so that `nmzc crash-fs`, a policy or `POST /control` can [take it back](faults.md#crash-data-that-was-never-fsynced); costs a copy of what is overwritten",
  }),
  "fs.hooks": list(filesystemHooks.slice(0, 5), {
    choices: filesystemHooks,
    meaning: `file operations that are shaken: any of ${filesystemHooks.map((hook) => `\`${hook}\``).join(", ")}`,
  }),
} as const;

export type AutopilotValues = ValuesOf<typeof autopilotKeys>;
