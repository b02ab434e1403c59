import { constants } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import type { FilesystemHookPoint, FilesystemVerdict } from "../../../runtime/kernel/index.js";
import { filesystemDrivers } from "../../helpers/filesystem-drivers.js";
import { requires } from "../../helpers/requires.js";
import { Mirror, shell } from "./mirror.js";

requires("root", "fuse", "package:fuse-native", "built");

const kilobyte = "import os; fd = os.open('file', os.O_RDWR | os.O_CREAT); data = b'x' * 1024";

describe.each(filesystemDrivers)("A mirror's faults ($name)", ({ start, name }) => {
  let mirror: Mirror;
  afterEach(() => mirror.stop());

  /** The verdicts are given in turn; then everything goes on. `delayMs`: after they were waited for in vain. */
  const faulty = async (
    hook: FilesystemHookPoint,
    verdicts: readonly FilesystemVerdict[],
    delayMs = 0,
  ): Promise<void> => {
    const left = [...verdicts];
    mirror = await Mirror.start({
      start,
      hooks: [hook],
      readsDirectly: true,
      onOperation: ({ id }) => {
        const verdict = left.shift() ?? 0;
        if (delayMs === 0) mirror.server.answer(id, verdict);
        else setTimeout(() => mirror.server.answer(id, verdict), delayMs);
      },
    });
  };
  const python = (program: string) => mirror.run(`/usr/bin/env python3 -c "${program}"`);
  const behind = (command: string) => shell(`cd ${mirror.source}; ${command}`);

  it.each(["ENOSPC", "EDQUOT", "EROFS", "EINTR", "EAGAIN", "ESTALE"] as const)(
    "give %s to a write",
    async (errno) => {
      await faulty("pre-write", [constants.errno[errno]]);
      expect(await mirror.run("perl -e 'open F, q(>), q(file); syswrite(F, q(x)) or print $! + 0'")).toBe(
        `${constants.errno[errno]}`,
      );
      expect(await behind("stat -c %s file")).toBe("0");
    },
  );

  it.each([0, 20])("write less and say how much, held for %i ms", async (delayMs) => {
    await faulty("pre-write", [{ kind: "short", share: 0.3 }], delayMs);
    expect(await python(`${kilobyte}; print(os.write(fd, data))`)).toBe("307");
    expect(await behind("stat -c %s file")).toBe("307");
    expect(await mirror.run("wc -c < file")).toBe("307");
    expect(mirror.refusals).toEqual([]);
  });

  it("leave no hole in a file that is written by who looks how much was", async () => {
    await faulty("pre-write", Array(5).fill({ kind: "short", share: 0.5 }));
    await behind("seq 5000 > whole");
    await mirror.run("dd if=whole of=copy bs=4096 status=none");
    expect(await behind("cmp whole copy && echo same")).toBe("same");
  });

  it("tear a write at a sector, and say it was all", async () => {
    await faulty("pre-write", [{ kind: "torn", share: 0.7 }]);
    expect(await python(`${kilobyte}; print(os.write(fd, data), os.fsync(fd))`)).toBe("1024 None");
    expect(await behind("stat -c %s file")).toBe("512");
    expect(await mirror.run("wc -c < file")).toBe("512");
  });

  it("keep what was there behind the tear", async () => {
    await faulty("pre-write", [
      { kind: "torn", share: 0.7 },
      { kind: "torn", share: 0.9 },
    ]);
    await behind("head -c 1024 /dev/zero | tr '\\0' o > file");
    expect(await python(`${kilobyte}; print(os.write(fd, data), os.pwrite(fd, b'y' * 100, 0))`)).toBe(
      "1024 100",
    );
    for (const look of [behind, (command: string) => mirror.run(command)]) {
      expect(await look("tr -d o < file | wc -c; tr -d x < file | wc -c")).toBe("512\n512");
    }
  });

  it("say what is too small for them", async () => {
    await faulty("pre-write", [{ kind: "short", share: 0.5 }]);
    await mirror.run("printf x > file");
    expect(await behind("cat file")).toBe("x");
    await expect.poll(() => mirror.refusals).toEqual(["short: a write of 1 bytes is too small"]);
  });

  it.skipIf(name !== "kernel").each([0, 20])(
    "read less, and the rest with the next read, held for %i ms",
    async (delayMs) => {
      await faulty("post-read", [{ kind: "short", share: 0.1 }], delayMs);
      await behind("seq 1000 | head -c 1000 > file");
      expect(
        await python(
          "import os; fd = os.open('file', os.O_RDONLY); print(len(os.read(fd, 4096)), len(os.read(fd, 4096)), os.fstat(fd).st_size)",
        ),
      ).toBe("100 900 1000");
    },
  );

  it.skipIf(name !== "kernel").each([0, 20])(
    "flip one bit of what is read once, held for %i ms",
    async (delayMs) => {
      await faulty("post-read", [{ kind: "bit-flip", place: 0.5 }], delayMs);
      await behind("printf aaaaaaaa > file");
      const program =
        "import os; fd = os.open('file', os.O_RDONLY); print(os.pread(fd, 9, 0), os.pread(fd, 9, 0))";
      expect(await python(program)).toBe("b'aaaa`aaa' b'aaaaaaaa'");
      expect(await mirror.run("cat file")).toBe("aaaaaaaa");
      expect(await behind("cat file")).toBe("aaaaaaaa");
      expect(mirror.refusals).toEqual([]);
    },
  );

  it.skipIf(name !== "kernel")("give EINTR and EAGAIN to a read", async () => {
    await faulty("post-read", [constants.errno.EAGAIN, constants.errno.EINTR]);
    await behind("echo content > file");
    const read = "sysread(F, $x, 9) // $! + 0";
    expect(await mirror.run(`perl -e 'open F, q(file); print ${read}, q( ), ${read}, q( ), ${read}'`)).toBe(
      "11 4 8",
    );
  });

  it.skipIf(name !== "kernel")("leave mappings whole beside direct reads", async () => {
    await faulty("post-read", [{ kind: "bit-flip", place: 0.5 }]);
    await behind("printf aaaaaaaa > file");
    const program =
      "import mmap; f = open('file', 'r+b', 0); m = mmap.mmap(f.fileno(), 8); print(m[:]); m[0:1] = b'b'; m.flush(); print(f.read(9))";
    expect(await python(program)).toBe("b'aaaaaaaa'\nb'baaaaaaa'");
    expect(mirror.refusals).toEqual(["bit-flip: the read fills the kernel's cache"]);
  });

  it.skipIf(name !== "kernel")("list a folder backwards, shuffled, and as it was", async () => {
    const shuffled = { kind: "listing", order: "shuffled", seed: 7 } as const;
    await faulty("post-opendir", [
      { kind: "listing", order: "stale", seed: 0 },
      0,
      { kind: "listing", order: "reversed", seed: 0 },
      shuffled,
      shuffled,
    ]);
    await behind("touch {1..500}");
    const list = async () => (await mirror.run("ls -fa")).split("\n");
    const first = await list();
    expect(await list()).toEqual(first);
    const names = first.filter((entry) => !entry.startsWith("."));
    expect(names.length).toBe(500);
    expect(await list()).toEqual([".", "..", ...names.reverse()]);
    const order = await list();
    expect(order).not.toEqual(first);
    expect([...order].sort()).toEqual([...first].sort());
    expect(await list()).toEqual(order);
    await expect.poll(() => mirror.refusals).toEqual(["listing: the folder has not been listed before"]);
  });

  it.skipIf(name !== "kernel")("list a folder as it was before", async () => {
    await faulty("post-opendir", [0, { kind: "listing", order: "stale", seed: 0 }]);
    await behind("touch a b");
    await mirror.run("ls");
    await behind("rm a; touch c");
    expect(await mirror.run("ls")).toBe("a\nb");
    expect(await mirror.run("ls")).toBe("b\nc");
  });

  it.skipIf(name !== "kernel")("find a place in an arranged folder again", async () => {
    await faulty("post-opendir", [{ kind: "listing", order: "reversed", seed: 0 }]);
    await behind("touch {1..300}");
    const program =
      "opendir D, q(.); readdir D for 1..50; $at = telldir D; @a = readdir D; seekdir D, $at; @b = readdir D; rewinddir D; @c = readdir D; print @a + 0, q( ), qq(@a) eq qq(@b) ? 1 : 0, q( ), @c + 0";
    expect(await mirror.run(`perl -e '${program}'`)).toBe("252 1 302");
  });
});
