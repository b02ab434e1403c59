import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { filesystemDrivers } from "../../helpers/filesystem-drivers.js";
import { requires } from "../../helpers/requires.js";
import { Mirror } from "./mirror.js";

requires("root", "fuse", "package:fuse-native", "setfacl", "built");

const ann = { uid: 5001, gid: 6001 };
const bob = { uid: 5002, gid: 6002 };

describe.each(filesystemDrivers)("A mirror's callers ($name)", ({ start, can }) => {
  let mirror: Mirror;
  beforeAll(async () => {
    mirror = await Mirror.start({ start });
    await mirror.run(
      "mkdir -m 1777 shared; mkdir -m 2775 team; chgrp 7000 team; mkdir -m 777 open; mkdir -m 700 closed; echo x > closed/x",
    );
  });
  afterAll(async () => {
    await mirror.stop();
  });

  it.skipIf(!can.has("caller-identity"))("own what they make", async () => {
    await mirror.run("cd open; umask 027; touch file; mkdir folder; ln -s file link; mkfifo fifo", ann);
    expect(await mirror.run("cd open; stat -c '%n %u:%g %a' file folder link fifo")).toBe(
      ["file 5001:6001 640", "folder 5001:6001 750", "link 5001:6001 777", "fifo 5001:6001 640"].join("\n"),
    );
  });

  it("cannot touch what is others'", async () => {
    await mirror.run("cd open; umask 077; echo secret > anns", ann);
    expect(await mirror.run("cat open/anns", bob)).toContain("Permission denied");
    expect(await mirror.run("chmod 777 open/anns", bob)).toContain("Operation not permitted");
    expect(await mirror.run("chown 5002 open/anns", ann)).toContain("Operation not permitted");
    expect(await mirror.run("cat closed/x", bob)).toContain("Permission denied");
  });

  it("cannot enter a closed folder although its names are in the kernel's cache", async () => {
    await mirror.run("mkdir -m 700 open/private; echo x > open/private/x; cat open/private/x", ann);
    expect(await mirror.run("cat open/private/x", bob)).toContain("Permission denied");
    expect(await mirror.run("stat open/private/x", bob)).toContain("Permission denied");
  });

  it("keep what is theirs in a sticky folder", async () => {
    await mirror.run("touch shared/anns", ann);
    expect(await mirror.run("rm -f shared/anns", bob)).toContain("Operation not permitted");
    expect(await mirror.run("mv shared/anns shared/bobs", bob)).toContain("Operation not permitted");
    expect(await mirror.run("rm shared/anns; echo gone", ann)).toBe("gone");
  });

  it.skipIf(!can.has("caller-identity"))("may use their further groups", async () => {
    const member = { ...ann, groups: "7000" };
    expect(await mirror.run("touch team/no", ann)).toContain("Permission denied");
    expect(
      await mirror.run("touch team/yes; mkdir team/sub; stat -c '%u:%g %a' team/yes team/sub", member),
    ).toBe("5001:7000 644\n5001:7000 2755");
    expect(await mirror.run("chgrp 7000 open/file; stat -c %g open/file", member)).toBe("7000");
  });

  it("take set-user-ID bits away by writing, unless they are root", async () => {
    const prepare = "touch open/suid; chmod 6777 open/suid";
    await mirror.run(prepare);
    await mirror.run("echo x >> open/suid", bob);
    expect(await mirror.run("stat -c %a open/suid")).toBe("777");
    await mirror.run(prepare);
    await mirror.run("truncate -s 0 open/suid", bob);
    expect(await mirror.run("stat -c %a open/suid")).toBe("777");
    await mirror.run(prepare);
    await mirror.run("echo x >> open/suid");
    expect(await mirror.run("stat -c %a open/suid")).toBe("6777");
  });

  it.skipIf(!can.has("access-control-lists"))("are let in and kept out by access control lists", async () => {
    await mirror.run("echo x > open/listed; chmod 600 open/listed; setfacl -m u:5002:r open/listed");
    expect(await mirror.run("cat open/listed", bob)).toBe("x");
    expect(await mirror.run("cat open/listed", ann)).toContain("Permission denied");
  });

  it.skipIf(!can.has("access-control-lists"))(
    "make files under a folder's default access control list",
    async () => {
      await mirror.run(
        "mkdir open/defaults; chmod 777 open/defaults; setfacl -d -m u:5002:rw,o::- open/defaults",
      );
      await mirror.run("umask 022; touch open/defaults/file", ann);
      expect(await mirror.run("getfacl -cpn open/defaults/file | tr '\\n' ' '")).toContain("user:5002:rw-");
      expect(await mirror.run("stat -c %a open/defaults/file")).toBe("660");
    },
  );
});
