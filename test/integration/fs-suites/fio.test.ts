import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allHooks, MountedFolder } from "../../helpers/mounted-folder.js";
import { requires } from "../../helpers/requires.js";
import { runProgram } from "./run-program.js";

requires("root", "fuse", "built", "fio");

const jobs: readonly { readonly what: string; readonly args: string }[] = [
  { what: "pwrite with fsync", args: "--ioengine=psync --rw=randwrite --bs=1k-64k --size=32m --fsync=64" },
  { what: "appending writes", args: "--ioengine=sync --rw=write --bs=777-9999 --size=16m" },
  { what: "pwritev2", args: "--ioengine=pvsync2 --rw=randwrite --bs=4k --size=16m" },
  { what: "a shared mapping", args: "--ioengine=mmap --rw=randwrite --bs=4k --size=32m" },
  {
    what: "O_DIRECT, 16 in flight",
    args: "--ioengine=libaio --iodepth=16 --direct=1 --rw=randwrite --bs=4k --size=16m",
  },
  {
    what: "O_DIRECT in large blocks",
    args: "--ioengine=libaio --iodepth=8 --direct=1 --rw=write --bs=1m --size=64m",
  },
  {
    what: "POSIX asynchronous I/O",
    args: "--ioengine=posixaio --iodepth=8 --rw=randwrite --bs=8k --size=16m",
  },
  { what: "splice", args: "--ioengine=splice --rw=write --bs=64k --size=16m" },
  {
    what: "a sparse file of 6 GiB",
    args: "--ioengine=psync --rw=randwrite --bs=64k --filesize=6g --io_size=32m --fallocate=none",
  },
  {
    what: "O_DIRECT in a sparse file of 6 GiB",
    args: "--ioengine=libaio --iodepth=8 --direct=1 --rw=randwrite --bs=64k --filesize=6g --io_size=32m --fallocate=none",
  },
  {
    what: "a preallocated file",
    args: "--ioengine=psync --rw=randwrite --bs=16k --size=32m --fallocate=posix",
  },
  {
    what: "four processes at once",
    args: "--ioengine=psync --rw=randwrite --bs=4k-32k --size=8m --numjobs=4",
  },
];

describe.each([
  { hooked: "no operation hooked", hooks: [] },
  { hooked: "every operation hooked", hooks: allHooks },
])("fio --verify with $hooked", ({ hooks }) => {
  let folder: MountedFolder;
  beforeAll(async () => {
    folder = await MountedFolder.mount({ hooks });
  });
  afterAll(async () => {
    await folder?.unmount();
  });

  it.each(jobs)("reads back what was written: $what", async ({ args }) => {
    const common = `--name=job --directory=${folder.path} --unlink=1 --verify=crc32c --verify_fatal=1 --randseed=7`;
    const result = await runProgram("fio", [...common.split(" "), ...args.split(" ")], {
      cwd: folder.plain,
      timeoutMs: 30_000,
    });
    expect(result.code, result.output).toBe(0);
    expect(result.output).not.toMatch(/verify:|bad (magic|header)/);
  });
});
