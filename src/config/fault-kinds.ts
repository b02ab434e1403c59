import { constants } from "node:os";
import type { filesystemHooks } from "../signal/index.js";
import { choice, duration, integer } from "./key-kinds.js";
import type { KeySpec, KeyTable } from "./key-table.js";
import { tomlText } from "./toml-text.js";

/** What a fault is done to. */
export type FaultSubject = "packets" | "files" | "processes";

/** A fault that a rule may name. */
export interface FaultKind {
  readonly on: FaultSubject;
  readonly meaning: string;
  /** The keys that this fault has besides those of every rule. */
  readonly settings: KeyTable;
  /** The file operations that it is possible on, and meant where a rule names none. */
  readonly op?: readonly (typeof filesystemHooks)[number][];
}

/** Undefined: the share is drawn each time. */
function share(meaning: string): KeySpec<number | undefined> {
  return {
    type: "number",
    expected: "a number from 0 up to 1",
    default: undefined,
    defaultText: "drawn",
    meaning,
    read: (written) => (typeof written === "number" && written >= 0 && written < 1 ? written : undefined),
    write: tomlText,
  };
}

function word(
  known: Readonly<Record<string, number>>,
  byDefault: string,
  expected: string,
  meaning: string,
): KeySpec<string> {
  return {
    type: "name",
    expected,
    default: byDefault,
    meaning,
    read: (written) => {
      const name = typeof written === "string" ? written.toUpperCase() : "";
      return Object.hasOwn(known, name) ? name : undefined;
    },
    write: tomlText,
  };
}

/** One group of addresses: they are parted from all others. Two groups: from each other. */
const groups: KeySpec<readonly (readonly string[])[]> = {
  type: "lists of addresses",
  expected: 'one or two lists of addresses, such as [["10.0.0.2"], ["10.0.0.3"]]',
  default: [],
  defaultText: "must be given",
  meaning:
    "two groups that are apart from each other, or one that is apart from all others; `*` is any characters",
  read: (written) => {
    if (!Array.isArray(written) || written.length === 0 || written.length > 2) return undefined;
    const isGroup = (group: unknown): boolean =>
      Array.isArray(group) &&
      group.length > 0 &&
      group.every((name) => typeof name === "string" && name !== "");
    return written.every(isGroup) ? written : undefined;
  },
  write: tomlText,
};

// Some errors only make sense where something is written; a rule that names no operation means these.
const writing = ["pre-write", "pre-create", "pre-mkdir", "pre-fsync"] as const;
const changing = [...writing, "pre-rename", "pre-unlink", "pre-rmdir", "pre-truncate"] as const;
const opsOfError: Readonly<Record<string, FaultKind["op"]>> = {
  ENOSPC: writing,
  EDQUOT: writing,
  EROFS: changing,
};

/** The faults by name; the single truth for reading rules, docs/faults.md and `nmz faults`. */
export const faultKinds: Readonly<Record<string, FaultKind>> = {
  drop: { on: "packets", meaning: "the packet is lost", settings: {} },
  duplicate: {
    on: "packets",
    meaning: "the packet comes again right behind itself",
    settings: { copies: integer(1, { min: 1, max: 16, meaning: "how often more" }) },
  },
  corrupt: {
    on: "packets",
    meaning: "bits of the payload are flipped, at a place that is drawn",
    settings: {
      bits: integer(1, { min: 1, max: 64, meaning: "how many, one beside the other" }),
      checksum: choice("right", ["right", "wrong"], {
        meaning: "right: nobody but the program can notice; wrong: whoever receives it throws it away",
      }),
    },
  },
  reorder: {
    on: "packets",
    meaning: "the packet is held until later ones of its connection and direction have passed it",
    settings: {
      packets: integer(1, { min: 1, max: 1000, meaning: "how many pass it" }),
      within: duration(100, { meaning: "how long it is held at most" }),
    },
  },
  delay: {
    on: "packets",
    meaning: "the packet is late, in addition to what the policy says",
    settings: { by: duration(100, { meaning: "by how much" }) },
  },
  reject: {
    on: "packets",
    meaning: "the packet is lost, and its sender told: by RST (TCP) or ICMP",
    settings: {},
  },
  partition: {
    on: "packets",
    meaning: "packets between two groups of addresses are lost, both ways, until it heals",
    settings: {
      between: groups,
      lasts: duration(undefined, {
        isPositive: true,
        defaultText: "to the end",
        meaning: "how long, from `after` on",
      }),
      every: duration(undefined, {
        isPositive: true,
        defaultText: "once",
        meaning: "begins again each time so long after it began",
      }),
    },
  },
  error: {
    on: "files",
    meaning: 'the operation fails; the name of the error can be the fault\'s: `fault = "ENOSPC"`',
    settings: {
      errno: word(
        constants.errno,
        "EIO",
        'the name of an error, such as "ENOSPC"',
        "the error, as in errno(3)",
      ),
    },
  },
  "short-read": {
    on: "files",
    op: ["post-read"],
    meaning: "a read gives less than was asked for",
    settings: { share: share("how much of it; at least one byte") },
  },
  "short-write": {
    on: "files",
    op: ["pre-write"],
    meaning: "a write takes less than was given, and says so",
    settings: { share: share("how much of it; at least one byte") },
  },
  "torn-write": {
    on: "files",
    op: ["pre-write"],
    meaning: "a write takes less than was given, and says that it took all",
    settings: { share: share("how much of it, to the sector") },
  },
  "bit-flip": {
    on: "files",
    op: ["post-read"],
    meaning: "one bit of what is read is wrong, at a place that is drawn; the file keeps it right",
    settings: {},
  },
  "slow-fsync": {
    on: "files",
    op: ["pre-fsync"],
    meaning: "an fsync takes long, in addition to what the policy says",
    settings: { by: duration(300, { meaning: "by how much" }) },
  },
  listing: {
    on: "files",
    op: ["post-opendir"],
    meaning: "a folder is listed in another order",
    settings: {
      order: choice("shuffled", ["shuffled", "reversed", "stale"], {
        meaning: "stale: as it was when it was listed last",
      }),
    },
  },
  pause: {
    on: "processes",
    meaning: "a process stands still",
    settings: { for: duration(1000, { isPositive: true, meaning: "how long" }) },
  },
  kill: {
    on: "processes",
    meaning: "a process is sent a signal",
    settings: {
      signal: word(constants.signals, "SIGKILL", 'the name of a signal, such as "SIGTERM"', "which signal"),
    },
  },
  restart: {
    on: "processes",
    meaning: "a process is killed, and started again as it was",
    settings: { down: duration(1000, { meaning: "how long it is away" }) },
  },
  affinity: {
    on: "processes",
    meaning: "a process may use few CPUs only; which is drawn",
    settings: { cpus: integer(1, { min: 1, max: 8192, meaning: "how many" }) },
  },
};

/** The kind that a rule's `fault` names: one of the table, or an error by its own name. */
export function faultKindOf(name: string): FaultKind | undefined {
  if (Object.hasOwn(faultKinds, name)) return faultKinds[name];
  if (!Object.hasOwn(constants.errno, name)) return undefined;
  const op = opsOfError[name];
  const error = { on: "files", meaning: `the operation fails with ${name}`, settings: {} } as const;
  return op === undefined ? error : { ...error, op };
}

/** The names that a rule's `fault` may be, for whoever mistypes one. */
export function faultNames(): string[] {
  return [...Object.keys(faultKinds), ...Object.keys(constants.errno)];
}
