import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isMounted, mount, probeFuse, unmount } from "../../../runtime/kernel/index.js";
import { filesystemDrivers } from "../../helpers/filesystem-drivers.js";
import { requires } from "../../helpers/requires.js";
import { Mirror, shell } from "./mirror.js";

requires("root", "fuse", "package:fuse-native", "built");

const openDescriptors = () => readdirSync("/proc/self/fd").length;
const threads = () => readdirSync("/proc/self/task").length;

describe.each(filesystemDrivers)("A mirror ($name)", ({ start, can }) => {
  it("is not writable when it is mounted read-only", async () => {
    const mirror = await Mirror.start({ start, isReadOnly: true });
    await shell(`echo x > ${mirror.source}/file`);
    expect(await mirror.run("cat file")).toBe("x");
    for (const command of ["touch new", "rm -f file", "mkdir new", "truncate -s 0 file", "chmod 777 file"]) {
      expect(await mirror.run(command)).toContain("Read-only file system");
    }
    await mirror.stop();
  });

  it.skipIf(!can.has("single-file"))("can be of a single file", async () => {
    const mirror = await Mirror.start({ start });
    const [source, mountPoint] = [`${mirror.root}/one`, `${mirror.root}/one-mirror`];
    writeFileSync(source, "content\n");
    writeFileSync(mountPoint, "");
    const options = { source, mountPoint, isReadOnly: false, hooks: ["post-read"] as const };
    const paths: string[] = [];
    const server = await start({
      ...options,
      onOperation: (operation) => {
        paths.push(operation.path);
        server.answer(operation.id, 0);
      },
      onError: (error) => {
        throw error;
      },
    });
    expect(
      await shell(`cat ${mountPoint}; echo more >> ${mountPoint}; cat ${mountPoint}; stat -c %s ${source}`),
    ).toBe("content\ncontent\nmore\n13");
    expect(paths.every((path) => path === "")).toBe(true);
    await server.stop();
    await mirror.stop();
  });

  it("shows what is changed behind it", async () => {
    const mirror = await Mirror.start({ start });
    await mirror.run("echo old > file; cat file");
    await shell(`cd ${mirror.source}; echo longer than before > file; mkdir folder; sleep 1.1`);
    expect(await mirror.run("cat file; ls")).toBe("longer than before\nfile\nfolder");
    await mirror.stop();
  });

  it("passes on that the disk is full", async () => {
    const small = `/var/tmp/nmzc-fs-small-${process.pid}`;
    mkdirSync(small);
    mount({ source: "none", target: small, type: "tmpfs", flags: 0, data: "size=1m" });
    const mirror = await Mirror.start({ start, source: small });
    expect(await mirror.run("head -c 2M /dev/zero > file")).toContain("No space left on device");
    expect(await mirror.run("stat -c %s file")).toBe(`${1 << 20}`);
    await mirror.stop();
    unmount(small);
    await shell(`rmdir ${small}`);
  });

  it.skipIf(!can.has("many-entries"))(
    "lists 100,000 entries",
    async () => {
      const mirror = await Mirror.start({ start });
      await shell(`cd ${mirror.source}; seq 100000 | xargs touch`);
      expect(await mirror.run("ls -f | wc -l; ls -l | wc -l; find . -type f | wc -l")).toBe(
        "100002\n100001\n100000",
      );
      expect(await mirror.run("rm -f *11; ls -f | wc -l")).toBe("99002");
      await mirror.stop();
    },
    120_000,
  );

  it("of / does not walk into itself", async () => {
    const mirror = await Mirror.start({ start, source: "/" });
    const below = mirror.path.slice(1);
    expect(await shell(`timeout 10 ls ${mirror.path}/${below}; echo $?`)).toBe("0");
    await mirror.stop();
  });

  it("shares its folder with another mirror", async () => {
    const mirror = await Mirror.start({ start });
    const other = await Mirror.start({ start, source: mirror.source });
    await mirror.run("echo from one > file");
    expect(await other.run("cat file; rm file; ls")).toBe("from one");
    await other.stop();
    await mirror.stop();
  });

  it("ends although it is used, and says so", async () => {
    const mirror = await Mirror.start({ start });
    const user = mirror.run("sleep 3; ls; echo $?");
    await shell("sleep 0.3");
    expect(await mirror.server.stop()).toEqual({ wasBusy: true });
    expect(isMounted(mirror.path)).toBe(false);
    expect(await user).toContain("2");
    expect(await mirror.stop()).toEqual({ wasBusy: true });
  });

  it("is refused with the cause when its source or its mount point is missing", async () => {
    const mirror = await Mirror.start({ start });
    const startOn = (source: string, mountPoint: string) =>
      start({
        source,
        mountPoint,
        isReadOnly: false,
        hooks: [],
        onOperation: () => {},
        onError: () => {},
      });
    await expect(startOn(`${mirror.root}/missing`, mirror.root)).rejects.toThrow(/ENOENT.*missing/);
    await expect(startOn(mirror.source, `${mirror.root}/missing`)).rejects.toThrow(/ENOENT.*missing/);
    writeFileSync(`${mirror.root}/file`, "");
    await expect(startOn(mirror.source, `${mirror.root}/file`)).rejects.toThrow(/mount/);
    await mirror.stop();
  });

  it("leaves nothing behind, 100 times", async () => {
    await (await Mirror.start({ start, hooks: ["pre-mkdir"] })).stop();
    const before = {
      descriptors: openDescriptors(),
      threads: threads(),
      mounts: readFileSync("/proc/self/mountinfo", "utf8")
        .split("\n")
        .filter((line) => line.includes("nmzc-fs-test")),
    };
    for (let i = 0; i < 100; i++) {
      const mirror = await Mirror.start({ start, hooks: ["pre-mkdir"] });
      if (i % 10 === 0)
        expect(await mirror.run("mkdir a; echo x > a/b; ls a; exec 7< a/b; exec 7<&-")).toBe("b");
      expect(await mirror.stop()).toEqual({ wasBusy: false });
    }
    expect(openDescriptors()).toBe(before.descriptors);
    expect(threads()).toBe(before.threads);
    expect(before.mounts).toEqual([]);
    expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain("nmzc-fs-test");
  }, 50_000);

  it("is found possible by the probe, which leaves nothing", async () => {
    expect(await probeFuse()).toBeUndefined();
    expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain("nmzc-probe");
  });
});
