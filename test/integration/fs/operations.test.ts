import { mkdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hookPoints } from "../../../runtime/kernel/fuse/hook-points.js";
import { filesystemDrivers } from "../../helpers/filesystem-drivers.js";
import { requires } from "../../helpers/requires.js";
import { Mirror, shell } from "./mirror.js";

requires("root", "fuse", "package:fuse-native", "gcc", "built");

const cases = filesystemDrivers.flatMap((driver) => [
  { ...driver, what: "without hooks", hooks: [] },
  { ...driver, what: "with every hook", hooks: hookPoints },
]);

describe.each(cases)("A mirror $what ($name)", ({ start, can, hooks }) => {
  let mirror: Mirror;
  beforeAll(async () => {
    mirror = await Mirror.start({ start, hooks });
    await shell(`gcc -w -o ${mirror.root}/operations test/fixtures/file-operations.c`);
  });
  afterAll(async () => {
    await mirror.stop();
  });

  it.skipIf(!can.has("every-operation"))("does every operation as the folder itself does it", async () => {
    mkdirSync(`${mirror.root}/plain`);
    const plain = await shell(`${mirror.root}/operations ${mirror.root}/plain`);
    expect(plain.split("\n").length).toBeGreaterThan(140);
    expect(await shell(`${mirror.root}/operations ${mirror.path}`)).toBe(plain);
    expect(mirror.errors).toEqual([]);
  });

  it.skipIf(!can.has("every-operation"))(
    "does every operation as the folder itself does it for a user without rights",
    async () => {
      const user = { uid: 4711, gid: 4712 };
      await shell(`mkdir -m 777 ${mirror.root}/plain-user ${mirror.source}/user`);
      const plain = await shell(`${mirror.root}/operations ${mirror.root}/plain-user`, user);
      expect(plain).toContain("EPERM");
      expect(await shell(`${mirror.root}/operations ${mirror.path}/user`, user)).toBe(plain);
    },
  );

  it("leaves on the folder what was done on the mirror", async () => {
    await shell(`mkdir -m 777 ${mirror.source}/left; ${mirror.root}/operations ${mirror.path}/left`);
    // Sizes of folders are the file system's own affair, and libfuse2 hides what is removed while it is open.
    const list = (folder: string) =>
      shell(`cd ${folder} && find . -printf '%P %M %u %g %n %l\\n' | grep -v fuse_hidden | sort`);
    const left = await list(`${mirror.source}/left`);
    expect(left.split("\n").length).toBeGreaterThan(3000);
    expect(await list(`${mirror.path}/left`)).toBe(left);
  });
});
