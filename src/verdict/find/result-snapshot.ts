/** What a file was before the run, to know whether the run wrote it. */
export interface FileMark {
  readonly inode: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
}

/** The result files that were there before a run, by path. */
export type ResultSnapshot = ReadonlyMap<string, FileMark>;

export function isChanged(before: FileMark | undefined, now: FileMark): boolean {
  if (before === undefined) return true;
  return before.inode !== now.inode || before.size !== now.size || before.mtimeNs !== now.mtimeNs;
}
