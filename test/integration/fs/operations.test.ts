import { mkdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hookPoints } from "../../../runtime/kernel/fuse/hook-points.js";
import { requires } from "../../helpers/requires.js";
import { Mirror, shell } from "./mirror.js";

requires("root", "fuse", "gcc", "built");

describe.each([
  { name: "without hooks", hooks: [] },
  { name: "with every hook", hooks: hookPoints },
])("A mirror $name", ({ hooks }) => {
  let mirror: Mirror;
  beforeAll(async () => {
    mirror = await Mirror.start({ hooks });
    await shell(`gcc -w -o ${mirror.root}/operations test/fixtures/file-operations.c`);
  });
  afterAll(async () => {
    await mirror.stop();
  });

  it("does every operation as the folder itself does it", async () => {
    mkdirSync(`${mirror.root}/plain`);
    const plain = await shell(`${mirror.root}/operations ${mirror.root}/plain`);
    expect(plain.split("\n").length).toBeGreaterThan(140);
    expect(await shell(`${mirror.root}/operations ${mirror.path}`)).toBe(plain);
    expect(mirror.errors).toEqual([]);
  });

  it("does every operation as the folder itself does it for a user without rights", async () => {
    const user = { uid: 4711, gid: 4712 };
    await shell(`mkdir -m 777 ${mirror.root}/plain-user ${mirror.source}/user`);
    const plain = await shell(`${mirror.root}/operations ${mirror.root}/plain-user`, user);
    expect(plain).toContain("EPERM");
    expect(await shell(`${mirror.root}/operations ${mirror.path}/user`, user)).toBe(plain);
  });

  it("leaves on the folder what was done on the mirror", async () => {
    const list = (folder: string) =>
      shell(
        `cd ${folder} && find . -printf '%P %M %u %g %s %n %l\\n' | sed 's/ [0-9]* \\([0-9]*\\) $/ \\1/' | sort`,
      );
    expect(await list(`${mirror.source}/user`)).toBe(await list(`${mirror.path}/user`));
  });
});
