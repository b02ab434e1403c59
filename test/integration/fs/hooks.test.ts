import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { hookPoints } from "../../../runtime/kernel/fuse/hook-points.js";
import type { FilesystemHookPoint, HeldOperation } from "../../../runtime/kernel/index.js";
import { filesystemDrivers } from "../../helpers/filesystem-drivers.js";
import { requires } from "../../helpers/requires.js";
import { Mirror, shell } from "./mirror.js";

requires("root", "fuse", "package:fuse-native", "built");

describe.each(filesystemDrivers)("A mirror's hooks ($name)", ({ start, can }) => {
  let mirror: Mirror;
  const held: HeldOperation[] = [];
  const hold = (operation: HeldOperation) => void held.push(operation);
  const heldOperation = async (hook: FilesystemHookPoint) => {
    for (let i = 0; i < 500; i++) {
      const found = held.find((operation) => operation.hook === hook);
      if (found !== undefined) return found;
      await sleep(10);
    }
    throw new Error(`no ${hook} came`);
  };
  afterEach(async () => {
    held.length = 0;
    await mirror.stop();
  });

  it("tell of each operation with its path", async () => {
    mirror = await Mirror.start({ start, hooks: hookPoints });
    await mirror.run(
      "mkdir a; echo hi > a/x; cat a/x; mv a/x a/y; sync a/y; truncate -s 1 a/y; ls a; rm a/y; rmdir a",
    );
    const seen = mirror.operations.map(({ hook, path }) => `${hook} ${path}`);
    for (const expected of [
      "pre-mkdir a",
      "pre-create a/x",
      "pre-write a/x",
      "pre-open a/x",
      "post-read a/x",
      "pre-rename a/x",
      "pre-fsync a/y",
      "pre-truncate a/y",
      "post-opendir a",
      "pre-unlink a/y",
      "pre-rmdir a",
    ]) {
      expect(seen).toContain(expected);
    }
    expect(mirror.errors).toEqual([]);
  });

  it("tell of nothing that was not asked for", async () => {
    mirror = await Mirror.start({ start, hooks: ["pre-mkdir"] });
    await mirror.run("mkdir a; echo hi > a/x; cat a/x; rm -r a");
    expect(mirror.operations.map(({ hook }) => hook)).toEqual(["pre-mkdir"]);
  });

  it("hold an operation and no other", async () => {
    mirror = await Mirror.start({ start, hooks: ["pre-mkdir"], onOperation: hold });
    await shell(`touch ${mirror.source}/file; mkdir ${mirror.source}/other`);
    await mirror.run("stat file other");
    let isMade = false;
    const making = mirror.run("mkdir held").then((output) => {
      isMade = true;
      return output;
    });
    const operation = await heldOperation("pre-mkdir");
    expect(await mirror.run("stat -c %s file && touch other/new && cat file && ls other")).toContain("new");
    expect(isMade).toBe(false);
    expect(await shell(`ls ${mirror.source}`)).not.toContain("held");
    mirror.server.answer(operation.id, 0);
    expect(await making).toBe("");
    expect(await shell(`ls ${mirror.source}`)).toContain("held");
  });

  it("hold a result until it may be told", async () => {
    mirror = await Mirror.start({ start, hooks: ["post-read", "post-opendir"], onOperation: hold });
    await shell(`echo content > ${mirror.source}/file`);
    const reading = mirror.run("cat file");
    mirror.server.answer((await heldOperation("post-read")).id, 0);
    expect(await reading).toBe("content");
    const listing = mirror.run("ls");
    mirror.server.answer((await heldOperation("post-opendir")).id, 0);
    expect(await listing).toBe("file");
  });

  it.each([
    ["pre-mkdir", "mkdir new", "ls"],
    ["pre-rmdir", "rmdir folder", "ls"],
    ["pre-create", "touch new", "ls"],
    ["pre-open", "cat file", "ls"],
    ["pre-unlink", "rm -f file", "ls"],
    ["pre-rename", "mv -T file moved", "ls"],
    ["pre-truncate", "truncate -s 0 file", "stat -c %s file"],
    ["pre-write", "echo more >> file", "stat -c %s file"],
    ["pre-fsync", "sync file", "ls"],
    ["post-read", "cat file", "ls"],
    ["post-opendir", "ls", "stat -c %s file"],
  ] as const)("make %s fail with EIO, and nothing is done", async (hook, command, look) => {
    mirror = await Mirror.start({
      start,
      hooks: [hook],
      onOperation: (operation) => mirror.server.answer(operation.id, constants.errno.EIO),
    });
    await shell(`mkdir ${mirror.source}/folder; echo content > ${mirror.source}/file`);
    const before = await shell(`cd ${mirror.source}; ${look}`);
    expect(await mirror.run(command)).toMatch(/Input\/output error/);
    expect(await shell(`cd ${mirror.source}; ${look}`)).toBe(before);
  });

  it.skipIf(!can.has("interrupt"))("let a killed caller go at once", async () => {
    mirror = await Mirror.start({ start, hooks: ["pre-mkdir"], onOperation: hold });
    const started = performance.now();
    const killed = mirror.run("mkdir held & sleep 0.3; kill -9 $!; wait $!; echo $?");
    await heldOperation("pre-mkdir");
    expect(await killed).toBe("137");
    expect(performance.now() - started).toBeLessThan(5000);
    expect(await shell(`ls ${mirror.source}`)).toBe("");
  });

  it("do not let a signal that is handled fail or end what is held", async () => {
    mirror = await Mirror.start({ start, hooks: ["pre-mkdir"], onOperation: hold });
    const making = mirror.run(
      'perl -e \'$SIG{USR1} = sub {}; $pid = fork() || do { sleep 1; mkdir("held") or print "$!"; exit }; select(undef, undef, undef, 1.3); kill USR1 => $pid; waitpid($pid, 0)\'',
    );
    const operation = await heldOperation("pre-mkdir");
    await sleep(600);
    expect(await shell(`ls ${mirror.source}`)).toBe("");
    mirror.server.answer(operation.id, 0);
    expect(await making).toBe("");
    expect(await shell(`ls ${mirror.source}`)).toBe("held");
  });

  it("ignore a second answer, and one to nothing", async () => {
    mirror = await Mirror.start({
      start,
      hooks: ["pre-mkdir"],
      onOperation: ({ id }) => {
        mirror.server.answer(id, 0);
        mirror.server.answer(id, constants.errno.EIO);
        mirror.server.answer(id + 1000, constants.errno.EIO);
      },
    });
    expect(await mirror.run("mkdir a; mkdir b; ls")).toBe("a\nb");
  });

  it("go on when whoever is asked throws, and report it", async () => {
    mirror = await Mirror.start({
      start,
      hooks: ["pre-mkdir"],
      onOperation: () => {
        throw new Error("no idea");
      },
    });
    expect(await mirror.run("mkdir a; ls")).toBe("a");
    expect(mirror.errors).toEqual([new Error("no idea")]);
  });

  it("let go everything at the end", async () => {
    mirror = await Mirror.start({ start, hooks: ["pre-mkdir"], onOperation: hold });
    await shell(`mkdir ${mirror.source}/{1..20}`);
    const making = shell(`for i in {1..20}; do mkdir ${mirror.path}/$i/held & done; wait`);
    while (held.length < 20) await sleep(10);
    await mirror.server.stop();
    expect(await making).toBe("");
    expect(await shell(`ls -d ${mirror.source}/*/held | wc -l`)).toBe("20");
  });
});
