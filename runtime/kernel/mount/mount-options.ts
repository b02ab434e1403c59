/** `MS_…` of linux/mount.h. */
export const mountFlag = {
  readOnly: 1,
  noSuid: 2,
  noDev: 4,
  noExec: 8,
  synchronous: 16,
  remount: 32,
  dirSync: 128,
  noAtime: 1024,
  noDirAtime: 2048,
  bind: 4096,
  recursive: 16384,
  private: 1 << 18,
  relAtime: 1 << 21,
  strictAtime: 1 << 24,
} as const;

/** mount(8)'s words for them; false takes the flag away. */
const flagOptions: Readonly<Record<string, readonly [boolean, number]>> = {
  defaults: [true, 0],
  ro: [true, mountFlag.readOnly],
  rw: [false, mountFlag.readOnly],
  nosuid: [true, mountFlag.noSuid],
  suid: [false, mountFlag.noSuid],
  nodev: [true, mountFlag.noDev],
  dev: [false, mountFlag.noDev],
  noexec: [true, mountFlag.noExec],
  exec: [false, mountFlag.noExec],
  sync: [true, mountFlag.synchronous],
  async: [false, mountFlag.synchronous],
  dirsync: [true, mountFlag.dirSync],
  noatime: [true, mountFlag.noAtime],
  atime: [false, mountFlag.noAtime],
  nodiratime: [true, mountFlag.noDirAtime],
  diratime: [false, mountFlag.noDirAtime],
  relatime: [true, mountFlag.relAtime],
  norelatime: [false, mountFlag.relAtime],
  strictatime: [true, mountFlag.strictAtime],
  nostrictatime: [false, mountFlag.strictAtime],
  bind: [true, mountFlag.bind],
  rbind: [true, mountFlag.bind | mountFlag.recursive],
};

/** "ro,size=2m" as mount(2) wants it: the flags it knows, and the rest for the file system. */
export function parseMountOptions(options: string): { readonly flags: number; readonly data: string } {
  let flags = 0;
  const data: string[] = [];
  for (const option of options.split(",")) {
    const known = flagOptions[option];
    if (known === undefined) {
      if (option !== "") data.push(option);
    } else if (known[0]) flags |= known[1];
    else flags &= ~known[1];
  }
  return { flags, data: data.join(",") };
}
