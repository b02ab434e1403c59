import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
// Not by the folder's door, which loads what calls the kernel: any command asks here.
import { parseMountinfo } from "../../../runtime/kernel/mount/mountinfo.js";
import { NmzError } from "../../util/index.js";
import { resolveExisting } from "./resolve-existing.js";

/** A path that the user gave to a command. */
export interface GivenPath {
  /** What it was given for: "--env-file", "RUN". */
  readonly title: string;
  readonly path: string;
  readonly kind: "file" | "folder";
  /** It is made, or written to; otherwise it is read, and what the image brings will do. */
  readonly isWritten: boolean;
}

/** What is in memory goes with the container as well. */
const inMemory = new Set(["tmpfs", "devtmpfs", "ramfs"]);

/**
 * In the image: a path of the user's is one of the host's, and there is nothing of the host but what is mounted. Asks no
 * engine. Throws NMZ_IMAGE_PATH with the mount to add.
 */
export function requireShared(
  { title, path, kind, isWritten }: GivenPath,
  cwd: string,
  mountinfo = readFileSync("/proc/self/mountinfo", "utf8"),
): void {
  const full = resolve(cwd, path);
  if (!isWritten && existsSync(full)) return;
  const isShared = (each: string): boolean => isOnMount(each, mountinfo);
  if (isShared(full)) return;
  const what = isWritten
    ? `${title} ${path}: ${full} would go with nmzc's own container`
    : `${title} ${path}: there is no ${full} in nmzc's own container, which has of the host what is mounted`;
  throw new NmzError("NMZ_IMAGE_PATH", what, {
    hint: `add ${mountFor(path, full, kind, isWritten, isShared(cwd))} to the command that starts nmzc's container`,
  });
}

function mountFor(
  path: string,
  full: string,
  kind: GivenPath["kind"],
  isWritten: boolean,
  isCwdShared: boolean,
): string {
  if (!path.startsWith("/") && !path.startsWith("..") && !isCwdShared) return "-v $PWD:$PWD -w $PWD";
  // A file that is not there yet cannot be mounted.
  const place = isWritten && kind === "file" ? dirname(full) : full;
  return place === "/" ? "-v $PWD:$PWD, name a path below it," : `-v ${place}:${place}`;
}

function isOnMount(path: string, mountinfo: string): boolean {
  const real = resolveExisting(path);
  let holder = { mountPoint: "/", type: "" };
  for (const mount of parseMountinfo(mountinfo)) {
    const { mountPoint } = mount;
    const isHolder = mountPoint === "/" || real === mountPoint || real.startsWith(`${mountPoint}/`);
    if (isHolder && mountPoint.length >= holder.mountPoint.length) holder = mount;
  }
  return holder.mountPoint !== "/" && !inMemory.has(holder.type);
}
