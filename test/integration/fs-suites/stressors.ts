/** A stressor of stress-ng that works with files; `args` limits or extends what it does. */
export interface Stressor {
  readonly name: string;
  readonly args: readonly string[];
  /** What FUSE cannot do by its nature, in stress-ng's words. */
  readonly refusal?: RegExp;
  /** For the test's title. */
  readonly what: string;
}

function stressor(name: string, ...args: string[]): Stressor {
  return { name, args, what: [name, ...args].join(" ") };
}

/**
 * Of stress-ng's classes "filesystem" and "io", and of those with files as a sideline, all but: bind-mount and binderfs (other file
 * systems), eventfd, lockbus and procfs (no file of ours), ioprio (the disk's queue), rawdev (the disk itself).
 */
export const stressors: readonly Stressor[] = [
  ...`access chattr chdir chmod chown close copy-file dentry dir dirdeep dirmany dnotify dup fallocate fanotify fcntl
  file-ioctl filename flock fpunch fsize fstat getdent handle inode-flags inotify io iomix lease link locka
  lockf lockofd mknod open rename symlink sync-file touch utime verity xattr aio aiol io-uring readahead revio seek
  msync sendfile splice`
    .split(/\s+/)
    .map((name) => stressor(name)),
  // The protocol has no operation for extents, and the kernel never hands FS_IOC_FIEMAP to a server.
  { ...stressor("fiemap"), refusal: /FS_IOC_FIEMAP not supported/ },
  stressor("hdd", "--hdd-bytes", "16M"),
  stressor("hdd", "--hdd-bytes", "16M", "--hdd-opts", "direct,rd-rnd,wr-rnd"),
  stressor("hdd", "--hdd-bytes", "8M", "--hdd-opts", "dsync,wr-seq"),
  stressor("mmap", "--mmap-file", "--mmap-bytes", "8M"),
  stressor("mmap", "--mmap-file", "--mmap-bytes", "8M", "--mmap-async", "--mmap-mprotect"),
];
