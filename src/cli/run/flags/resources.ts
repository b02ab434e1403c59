import type { HostConfig, ThrottleBody } from "../../../../runtime/engine/index.js";
import {
  type Flag,
  type FlagSection,
  listFlag,
  parseBytes,
  parseInteger,
  parseNanoCpus,
  refusedFlag,
  switchFlag,
  valueFlag,
} from "../../flags/index.js";
import {
  parseBlockWeight,
  parseByteThrottle,
  parseDeviceWeight,
  parseOperationThrottle,
} from "../device-spec.js";
import type { RunDraft } from "../run-draft.js";
import { parseUlimit } from "../ulimit-spec.js";

type NumberKey = {
  [Key in keyof HostConfig]-?: number extends HostConfig[Key] ? Key : never;
}[keyof HostConfig];

type ThrottleKey =
  | "BlkioDeviceReadBps"
  | "BlkioDeviceWriteBps"
  | "BlkioDeviceReadIOps"
  | "BlkioDeviceWriteIOps";

/** Memory, processors, block devices, limits. */
export const resourceFlags: FlagSection<RunDraft> = {
  title: "Resources",
  flags: [
    number("memory", "BYTES", "Memory limit, like 512m", "Memory", parseBytes, "m"),
    number(
      "memory-swap",
      "BYTES",
      "Limit of memory plus swap; -1 for unlimited swap",
      "MemorySwap",
      (text) => (text === "-1" ? -1 : parseBytes(text)),
    ),
    number("memory-reservation", "BYTES", "Soft limit of memory", "MemoryReservation", parseBytes),
    number(
      "memory-swappiness",
      "0-100",
      "How readily the container's memory is swapped",
      "MemorySwappiness",
      (text) => parseInteger(text, { min: -1, max: 100 }),
    ),
    number("cpus", "NUMBER", "Number of CPUs, like 1.5", "NanoCpus", parseNanoCpus),
    number("cpu-shares", "WEIGHT", "Relative weight", "CpuShares", parseInteger, "c"),
    number("cpu-period", "MICROSECONDS", "Period of the fair scheduler's quota", "CpuPeriod", parseInteger),
    number("cpu-quota", "MICROSECONDS", "CPU time in each period", "CpuQuota", parseInteger),
    number(
      "cpu-rt-period",
      "MICROSECONDS",
      "Period of the real-time quota",
      "CpuRealtimePeriod",
      parseInteger,
    ),
    number(
      "cpu-rt-runtime",
      "MICROSECONDS",
      "Real-time CPU time in each period",
      "CpuRealtimeRuntime",
      parseInteger,
    ),
    valueFlag({
      name: "cpuset-cpus",
      placeholder: "LIST",
      help: "CPUs in which to allow execution: 0-3, 0,1",
      apply: (value, draft) => {
        draft.body.HostConfig.CpusetCpus = value;
      },
    }),
    valueFlag({
      name: "cpuset-mems",
      placeholder: "LIST",
      help: "Memory nodes in which to allow execution: 0-3, 0,1",
      apply: (value, draft) => {
        draft.body.HostConfig.CpusetMems = value;
      },
    }),
    number(
      "pids-limit",
      "NUMBER",
      "Limit of processes and threads; -1 for unlimited",
      "PidsLimit",
      parseInteger,
    ),
    number("shm-size", "BYTES", "Size of /dev/shm", "ShmSize", parseBytes),
    listFlag({
      name: "ulimit",
      placeholder: "NAME=SOFT[:HARD]",
      help: "Limit of the container's processes, like nofile=1024:2048",
      apply: (value, draft) => {
        const limit = parseUlimit(value);
        const others = (draft.body.HostConfig.Ulimits ?? []).filter((each) => each.Name !== limit.Name);
        draft.body.HostConfig.Ulimits = [...others, limit].sort((a, b) => (a.Name < b.Name ? -1 : 1));
      },
    }),
    number(
      "blkio-weight",
      "10-1000",
      "Relative weight of block IO; 0 to disable",
      "BlkioWeight",
      parseBlockWeight,
    ),
    listFlag({
      name: "blkio-weight-device",
      placeholder: "DEVICE:WEIGHT",
      help: "Relative weight of block IO on one device",
      apply: (value, draft) => {
        const weights = draft.body.HostConfig.BlkioWeightDevice ?? [];
        draft.body.HostConfig.BlkioWeightDevice = [...weights, parseDeviceWeight(value)];
      },
    }),
    throttle(
      "device-read-bps",
      "Limit of bytes a second read from a device",
      "BlkioDeviceReadBps",
      parseByteThrottle,
    ),
    throttle(
      "device-write-bps",
      "Limit of bytes a second written to a device",
      "BlkioDeviceWriteBps",
      parseByteThrottle,
    ),
    throttle(
      "device-read-iops",
      "Limit of reads a second from a device",
      "BlkioDeviceReadIOps",
      parseOperationThrottle,
    ),
    throttle(
      "device-write-iops",
      "Limit of writes a second to a device",
      "BlkioDeviceWriteIOps",
      parseOperationThrottle,
    ),
    switchFlag({
      name: "oom-kill-disable",
      help: "Do not let the kernel kill the container when memory runs out",
      apply: (on, draft) => {
        draft.body.HostConfig.OomKillDisable = on;
      },
    }),
    number(
      "oom-score-adj",
      "-1000..1000",
      "How readily the kernel kills it then",
      "OomScoreAdj",
      parseInteger,
    ),
    refusedFlag({
      name: "kernel-memory",
      placeholder: "BYTES",
      refusal: "docker and the kernel have given up limits of kernel memory; use --memory",
    }),
    refusedFlag({
      name: "gpus",
      placeholder: "GPUS",
      refusal: "nmzc hands no GPU requests to the engine; name the device files with --device",
    }),
    refusedFlag({ name: "isolation", placeholder: "KIND", refusal: "it exists on Windows only" }),
    refusedFlag({
      name: "cpu-count",
      placeholder: "NUMBER",
      refusal: "it exists on Windows only; use --cpus",
    }),
    refusedFlag({
      name: "cpu-percent",
      placeholder: "NUMBER",
      refusal: "it exists on Windows only; use --cpus",
    }),
    refusedFlag({
      name: "io-maxbandwidth",
      placeholder: "BYTES",
      refusal: "it exists on Windows only; use --device-read-bps and --device-write-bps",
    }),
    refusedFlag({
      name: "io-maxiops",
      placeholder: "NUMBER",
      refusal: "it exists on Windows only; use --device-read-iops and --device-write-iops",
    }),
  ],
};

/** Most resources are one number in HostConfig. */
function number(
  name: string,
  placeholder: string,
  help: string,
  key: NumberKey,
  parse: (text: string) => number,
  short?: string,
): Flag<RunDraft> {
  return valueFlag({
    name,
    ...(short === undefined ? {} : { short }),
    placeholder,
    help,
    apply: (value, draft) => {
      draft.body.HostConfig[key] = parse(value);
    },
  });
}

function throttle(
  name: string,
  help: string,
  key: ThrottleKey,
  parse: (text: string) => ThrottleBody,
): Flag<RunDraft> {
  return listFlag({
    name,
    placeholder: "DEVICE:RATE",
    help,
    apply: (value, draft) => {
      draft.body.HostConfig[key] = [...(draft.body.HostConfig[key] ?? []), parse(value)];
    },
  });
}
