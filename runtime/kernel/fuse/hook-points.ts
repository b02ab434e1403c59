import type { FilesystemHookPoint } from "./filesystem-server.js";

/** Every hook point; its place here is its number in records and masks. */
export const hookPoints = [
  "post-read",
  "post-opendir",
  "pre-mkdir",
  "pre-rmdir",
  "pre-fsync",
  "pre-open",
  "pre-create",
  "pre-write",
  "pre-rename",
  "pre-unlink",
  "pre-truncate",
] as const satisfies readonly FilesystemHookPoint[];

export const hook = {
  postRead: 0,
  postOpendir: 1,
  preMkdir: 2,
  preRmdir: 3,
  preFsync: 4,
  preOpen: 5,
  preCreate: 6,
  preWrite: 7,
  preRename: 8,
  preUnlink: 9,
  preTruncate: 10,
} as const;

/** One bit per hook point. */
export function hookMask(points: readonly FilesystemHookPoint[]): number {
  return points.reduce((mask, point) => mask | (1 << hookPoints.indexOf(point)), 0);
}
