import { describe } from "vitest";
import { parseEffectiveCapabilities } from "../../../runtime/kernel/capabilities/effective-capabilities.js";
import { parseCgroupMounts, parseProcCgroup } from "../../../runtime/kernel/cgroup/parse-cgroup.js";
import { parseMountinfo } from "../../../runtime/kernel/mount/mountinfo.js";
import { readQueueTable } from "../../../runtime/kernel/nfqueue/queue-table.js";
import { removeText } from "../../../runtime/kernel/packet-rules/rule-text.js";
import { parseStartTicks } from "../../../runtime/kernel/procfs/process-start.js";
import { parseIdList } from "../../../runtime/kernel/procfs/process-tree.js";
import { damagedText } from "./damage.js";
import { fuzz } from "./fuzz.js";

const mountinfo = [
  "25 30 0:23 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct",
  "26 30 0:24 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate",
  "36 35 98:0 /mnt1 /mnt\\040two rw,noatime master:1 - ext3 /dev/root\\134 rw,errors=continue",
  "99 35 0:77 / /run/nmzc/ab/volume-0 rw - fuse.nmzc nmzc rw,user_id=0",
].join("\n");

describe("Texts of the kernel", () => {
  fuzz(
    "mountinfo",
    40_000,
    damagedText([mountinfo, ""], [" - ", " ", "\n", "\\040", "cgroup", ","]),
    (text) => {
      for (const { mountPoint, options, type } of parseMountinfo(text)) {
        if (typeof mountPoint !== "string" || options.length === 0 || typeof type !== "string")
          throw new Error(text);
      }
      for (const { version, mountPoint, controllers } of parseCgroupMounts(text)) {
        if (typeof mountPoint !== "string" || (version === 2 && controllers.length > 0))
          throw new Error(text);
      }
    },
  );

  const cgroup =
    "12:cpu,cpuacct:/docker/0123abc\n1:name=systemd:/docker/0123abc/init.scope\n0::/user.slice (deleted)\n";
  fuzz("/proc/<pid>/cgroup", 30_000, damagedText([cgroup], [":", "/", ",", "\n", " (deleted)"]), (text) => {
    for (const { path, controllers } of parseProcCgroup(text)) {
      if (!path.startsWith("/") || controllers.includes(undefined as never)) throw new Error(path);
    }
  });

  const status = "Name:\tnode\nCapInh:\t0000000000000000\nCapEff:\t000001ffffffffff\nCapBnd:\t0\n";
  fuzz("/proc/<pid>/status", 20_000, damagedText([status], ["CapEff:", "\t", "f", "\n"]), (text) => {
    parseEffectiveCapabilities(text);
  });

  const stat = "4242 (a (strange) name) S 1 4242 4242 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 10 11 12";
  fuzz("/proc/<pid>/stat", 20_000, damagedText([stat], [" ", ")", "(", "Z"]), (text) => {
    if (typeof parseStartTicks(text) !== "number") throw new Error(text);
  });

  fuzz(
    "lists of thread ids",
    20_000,
    damagedText(["1 22 333\n", "1\n2\n3\n"], [" ", "\n", "0", "-"]),
    (text) => {
      const digits = text.replace(/[^0-9]/g, "").length;
      const ids = parseIdList(text);
      if (ids.length > digits || ids.some((id) => !(id >= 0))) throw new Error(text);
    },
  );

  const queues =
    "   42  12345     3 2 65531     1     2       77  1\n    7    999     0 2 65531     0     0        0  1\n";
  fuzz("the table of queues", 15_000, damagedText([queues], [" ", "\n", "-", "0x"]), (text) => {
    for (const [number, entry] of readQueueTable(text)) {
      if (Object.values({ number, ...entry }).some((value) => Number.isNaN(value))) throw new Error(text);
    }
  });

  const rules =
    "*mangle\n:NMZC-42 - [0:0]\n-A OUTPUT -j NMZC-42\n-A NMZC-42 -p tcp -j NFQUEUE --queue-num 42\nCOMMIT\n";
  fuzz(
    "saved packet rules",
    15_000,
    damagedText([rules], ["\n", "-A ", " -j NMZC-42", ":NMZC-42 ", "\r"]),
    (text) => {
      const written = removeText(42, text);
      if (written !== "" && !/^\*mangle\n(?:-[DFX] [^\n]*\n)+COMMIT\n$/.test(written))
        throw new Error(written);
    },
  );
});
