import { readFileSync } from "node:fs";

/** One line of /proc/<pid>/mountinfo: proc(5). */
export interface MountEntry {
  readonly id: number;
  /** `st_dev` of what is mounted, "major:minor". */
  readonly device: string;
  readonly mountPoint: string;
  readonly options: readonly string[];
  readonly type: string;
  readonly source: string;
}

/** Everything mounted in this process's mount namespace, in the order it was mounted. */
export function readMounts(path = "/proc/self/mountinfo"): MountEntry[] {
  return parseMountinfo(readFileSync(path, "utf8"));
}

/**
 * What is mounted at exactly this path (absolute, without symbolic links), the topmost one; undefined when nothing
 * is.
 */
export function mountAt(path: string): MountEntry | undefined {
  return readMounts().findLast((entry) => entry.mountPoint === path);
}

/** True when something is mounted at exactly this path; asks the kernel's table, never the path itself. */
export function isMounted(path: string): boolean {
  return mountAt(path) !== undefined;
}

/** Lines that are not mountinfo's are skipped. */
export function parseMountinfo(text: string): MountEntry[] {
  const entries: MountEntry[] = [];
  for (const line of text.split("\n")) {
    const fields = line.split(" ");
    const separator = fields.indexOf("-", 6);
    if (separator < 0 || fields.length < separator + 3) continue;
    entries.push({
      id: Number(fields[0]),
      device: fields[2]!,
      mountPoint: unescapeOctal(fields[4]!),
      options: fields[5]!.split(","),
      type: fields[separator + 1]!,
      source: unescapeOctal(fields[separator + 2]!),
    });
  }
  return entries;
}

// Space, tab, newline and backslash are written as \040, \011, \012 and \134.
function unescapeOctal(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
