import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  type Stats,
  statSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";

/** What could not be placed, and is none of a script's: sockets and pipes of another file system. */
export interface PlacedMaterials {
  readonly linked: number;
  readonly copied: number;
  readonly leftOut: readonly string[];
}

interface Placing {
  linked: number;
  copied: number;
  readonly leftOut: string[];
  /** The storage's own real path, which may lie in the materials. */
  readonly besides: string;
  /** Real paths of the folders that we are in: a link to one of them would never end. */
  readonly above: string[];
  /** Real path of the folder that no link may lead out of; undefined: links may lead anywhere. */
  readonly within: string | undefined;
}

export interface PlacingOptions {
  /** Entries of the tree's own folder that are left out. */
  readonly leftOut?: readonly string[];
  /** The tree is somebody else's: what a link leads to outside of this folder is left out. */
  readonly within?: string;
}

/**
 * Puts the tree `from` into the folder `to`, as hard links as the original does (a change to the source is seen in the
 * storage), or as copies where the file system allows none: another one, or one without links. A symbolic link becomes
 * what it leads to, as with the original; one that leads nowhere stays a link.
 * Throws what the file system throws.
 */
export function placeMaterials(
  from: string,
  to: string,
  besides: string,
  { leftOut = [], within }: PlacingOptions = {},
): PlacedMaterials {
  const placing: Placing = {
    linked: 0,
    copied: 0,
    leftOut: [],
    besides: realpathSync(besides),
    above: [],
    within: within === undefined ? undefined : realpathSync(within),
  };
  placeFolder(from, to, placing, leftOut);
  return placing;
}

function placeFolder(from: string, to: string, placing: Placing, leftOut: readonly string[] = []): void {
  const real = realpathSync(from);
  placing.above.push(real);
  for (const name of readdirSync(from)) {
    if (!leftOut.includes(name)) placeEntry(join(from, name), join(to, name), placing);
  }
  placing.above.pop();
}

function placeEntry(from: string, to: string, placing: Placing): void {
  const target = statSync(from, { throwIfNoEntry: false });
  if (target === undefined) {
    if (lstatSync(from, { throwIfNoEntry: false })?.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
    return;
  }
  const real = realpathSync(from);
  if (placing.within !== undefined && !real.startsWith(`${placing.within}/`)) {
    placing.leftOut.push(from);
    return;
  }
  if (real === placing.besides) return;
  if (!target.isDirectory()) placeFile(real, to, target, placing);
  else if (placing.above.includes(real)) symlinkSync(real, to);
  else {
    mkdirSync(to);
    placeFolder(from, to, placing);
    chmodSync(to, target.mode & 0o7777); // afterwards: it may forbid to write in it
  }
}

function placeFile(from: string, to: string, stats: Stats, placing: Placing): void {
  try {
    linkSync(from, to);
    placing.linked += 1;
    return;
  } catch (error) {
    if (!noLinkHere.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
  if (!stats.isFile()) {
    placing.leftOut.push(from);
    return;
  }
  copyFileSync(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  chmodSync(to, stats.mode & 0o7777);
  placing.copied += 1;
}

/** Another file system, no permission (protected_hardlinks), too many of them, or a file system that has none. */
const noLinkHere = new Set(["EXDEV", "EPERM", "EMLINK", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EACCES"]);
