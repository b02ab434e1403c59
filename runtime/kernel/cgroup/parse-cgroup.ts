/** One line of /proc/<pid>/cgroup: `4:cpu,cpuacct:/docker/ab…`; version 2 has the line `0::/…`. */
export interface CgroupMembership {
  /** Controllers of the hierarchy ("cpu", "name=systemd"); empty for version 2. */
  readonly controllers: readonly string[];
  /** The path inside the hierarchy, beginning with "/". */
  readonly path: string;
}

export function parseProcCgroup(text: string): CgroupMembership[] {
  const memberships: CgroupMembership[] = [];
  for (const line of text.split("\n")) {
    const match = /^\d+:([^:]*):(\/.*)$/.exec(line);
    if (match === null) continue;
    memberships.push({
      controllers: match[1] === "" ? [] : match[1]!.split(","),
      path: match[2]!.replace(/ \(deleted\)$/, ""),
    });
  }
  return memberships;
}

/** A mounted hierarchy. */
export interface CgroupMount {
  readonly version: 1 | 2;
  /** Version 1: its controllers; version 2: empty. */
  readonly controllers: readonly string[];
  /** Where it is mounted. */
  readonly mountPoint: string;
  /** Which folder of the hierarchy is mounted there; "/" is all of it. */
  readonly root: string;
}

const notControllers = new Set(["rw", "ro", "xattr", "clone_children", "noprefix", "relatime"]);

/** The cgroup mounts of a /proc/<pid>/mountinfo, in its order. */
export function parseCgroupMounts(mountinfo: string): CgroupMount[] {
  const mounts: CgroupMount[] = [];
  for (const line of mountinfo.split("\n")) {
    const [left, right] = line.split(" - ");
    if (right === undefined) continue;
    const [type, , superOptions = ""] = right.split(" ");
    if (type !== "cgroup" && type !== "cgroup2") continue;
    const [, , , root = "/", mountPoint = ""] = left!.split(" ");
    mounts.push({
      version: type === "cgroup" ? 1 : 2,
      controllers:
        type === "cgroup2"
          ? []
          : superOptions
              .split(",")
              .filter((word) => !notControllers.has(word) && !word.startsWith("release_agent=")),
      mountPoint: unescapeMountPath(mountPoint),
      root: unescapeMountPath(root),
    });
  }
  return mounts;
}

/** mountinfo writes blanks, tabs, newlines and backslashes in octal: `\040`. */
function unescapeMountPath(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
