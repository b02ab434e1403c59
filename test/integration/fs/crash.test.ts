import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { startKernelFilesystemServer } from "../../../runtime/kernel/index.js";
import { requires } from "../../helpers/requires.js";
import { Mirror, type MirrorOptions, shell } from "./mirror.js";

requires("root", "fuse", "built");

async function crashable(options: Partial<MirrorOptions> = {}): Promise<Mirror> {
  const start: MirrorOptions["start"] = (given) => startKernelFilesystemServer({ ...given, canCrash: true });
  const mirror = await Mirror.start({ start, ...options });
  onTestFinished(async () => void (await mirror.stop()));
  return mirror;
}

/** Commits one row, another one after `pragma`, and says how many there are after a crash. */
async function rowsAfterCrash(pragma: string): Promise<string> {
  const mirror = await crashable();
  const commit = (before: string) =>
    mirror.run(
      `python3 -c "import sqlite3; d = sqlite3.connect('db'); d.execute('${before}'); d.execute('create table if not exists t(x)'); d.execute('insert into t values (1)'); d.commit(); d.close()"`,
    );
  expect(await commit("PRAGMA synchronous=FULL")).toBe("");
  expect(await commit(pragma)).toBe("");
  await mirror.server.crash?.();
  return mirror.run(
    `python3 -c "import sqlite3; print(sqlite3.connect('db').execute('select count(*) from t').fetchone()[0])"`,
  );
}

describe("A crash", () => {
  it("takes what was not synced since, and leaves what was", async () => {
    const mirror = await crashable();
    await mirror.run(
      "printf old > file; sync file; printf news >> file; printf X | dd of=file conv=notrunc status=none",
    );
    expect(await mirror.run("cat file")).toBe("Xldnews");
    expect(await mirror.server.crash?.()).toEqual({
      lost: [{ path: "file", writes: 2, bytes: 5 }],
      failed: [],
    });
    expect(await mirror.run("cat file; stat -c %s file")).toBe("old3");
    expect(await shell(`cat ${mirror.source}/file`)).toBe("old");
    expect(await mirror.server.crash?.()).toEqual({ lost: [], failed: [] });
    expect(mirror.errors).toEqual([]);
  });

  it("leaves a file empty that was renamed over another without fsync", async () => {
    const mirror = await crashable();
    await mirror.run("echo old > config; sync config; echo new > tmp; mv tmp config");
    expect((await mirror.server.crash?.())?.lost).toEqual([{ path: "config", writes: 1, bytes: 4 }]);
    expect(await mirror.run("ls; stat -c %s config")).toBe("config\n0");
    await mirror.run("echo new > tmp; sync tmp; mv tmp config");
    expect((await mirror.server.crash?.())?.lost).toEqual([]);
    expect(await mirror.run("cat config")).toBe("new");
  });

  it.each([
    ["truncate -s 5 file", "a truncation"],
    ["truncate -s 20M file", "a growth"],
    [": > file", "a truncation at open"],
    [
      // fallocate(1) syncs what it did.
      "python3 -c \"import ctypes; c = ctypes.CDLL(None); f = open('file', 'r+b'); print(end='', *['failed'] * -c.fallocate64(f.fileno(), 3, ctypes.c_int64(4096), ctypes.c_int64(8192)))\"",
      "a hole",
    ],
    ["cp --reflink=never other file", "a copy over it"],
    [
      "python3 -c \"import mmap; f = open('file', 'r+b'); m = mmap.mmap(f.fileno(), 0); m[100] = 7; m[2000000] = 9; m.close()\"",
      "a write through a mapping",
    ],
    ["dd if=/dev/urandom of=file bs=1000 seek=777 count=3001 conv=notrunc status=none", "random writes"],
  ])("takes back what was done by %s", async (change) => {
    const mirror = await crashable();
    await mirror.run(
      "head -c 3000001 /dev/urandom > file; head -c 100000 /dev/urandom > other; sync file other",
    );
    const before = await mirror.run("sha256sum < file");
    expect(await mirror.run(change)).toBe("");
    expect(await mirror.run("sha256sum < file")).not.toBe(before);
    expect((await mirror.server.crash?.())?.lost.map(({ path }) => path)).toEqual(["file"]);
    expect(await mirror.run("sha256sum < file")).toBe(before);
    expect(mirror.errors).toEqual([]);
  });

  it("takes what a running program has changed through a mapping, also while operations are held", async () => {
    const mirror = await crashable({
      hooks: ["pre-write"],
      onOperation: (operation, { server }) => setTimeout(() => server.answer(operation.id, 0), 20),
    });
    await mirror.run("head -c 8192 /dev/zero > file; sync file");
    const program =
      "import mmap, sys; f = open('file', 'r+b'); m = mmap.mmap(f.fileno(), 0); m[5] = 65; sys.stdout.write('%d\\n' % m[5]); sys.stdout.flush(); sys.stdin.readline(); sys.stdout.write('%d\\n' % m[5]); sys.stdout.flush()";
    const child = spawn("python3", ["-c", program], { cwd: mirror.path, stdio: ["pipe", "pipe", "inherit"] });
    expect(String((await once(child.stdout, "data"))[0])).toBe("65\n");
    expect((await mirror.server.crash?.())?.lost.map(({ path }) => path)).toEqual(["file"]);
    child.stdin.end("\n");
    expect(String((await once(child.stdout, "data"))[0])).toBe("0\n");
    await once(child, "exit");
  });

  it("takes nothing that was written with O_DSYNC", async () => {
    const mirror = await crashable();
    await mirror.run("echo safe | dd of=file oflag=dsync status=none");
    expect((await mirror.server.crash?.())?.lost).toEqual([]);
    expect(await mirror.run("cat file")).toBe("safe");
  });

  it("takes a commit of sqlite only where synchronous is off", async () => {
    expect(await rowsAfterCrash("PRAGMA synchronous=FULL")).toBe("2");
    expect(await rowsAfterCrash("PRAGMA synchronous=OFF")).not.toBe("2");
  });

  it("cannot happen to a mount that was not made for it", async () => {
    const mirror = await Mirror.start({ start: startKernelFilesystemServer });
    await expect(mirror.server.crash?.()).rejects.toThrow("not made to crash");
    await mirror.stop();
  });
});
