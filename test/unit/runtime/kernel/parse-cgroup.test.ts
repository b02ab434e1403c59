import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { folderOf, parseCgroupMounts, parseProcCgroup } from "../../../../runtime/kernel/cgroup/index.js";

const word = fc.stringMatching(/^[a-z][a-z0-9_.@-]{0,12}$/);
const path = fc.array(word, { maxLength: 4 }).map((parts) => `/${parts.join("/")}`);

const dockerOnVersion1 = `34 24 0:29 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
35 34 0:30 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
36 34 0:31 / /sys/fs/cgroup/systemd rw,relatime shared:11 - cgroup cgroup rw,xattr,release_agent=/lib/agent,name=systemd
37 34 0:32 /sub /with\\040blank rw - cgroup2 cgroup2 rw,nsdelegate
`;

describe("parseProcCgroup", () => {
  it("reads back any memberships", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ controllers: fc.array(word, { maxLength: 3 }), path })),
        (memberships) => {
          const text = memberships
            .map((one, index) => `${index}:${one.controllers.join(",")}:${one.path}\n`)
            .join("");
          expect(parseProcCgroup(text)).toEqual(memberships);
        },
      ),
    );
  });

  it("takes the mark of a removed group off the path", () => {
    expect(parseProcCgroup("3:pids:/docker/ab (deleted)\n")).toEqual([
      { controllers: ["pids"], path: "/docker/ab" },
    ]);
  });

  it("gives nothing for lines of another form", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z \n]*$/), (text) => {
        expect(parseProcCgroup(text)).toEqual([]);
      }),
    );
  });
});

describe("parseCgroupMounts", () => {
  it("keeps cgroup mounts with their controllers and leaves out options", () => {
    expect(parseCgroupMounts(dockerOnVersion1)).toEqual([
      { version: 1, controllers: ["cpu"], mountPoint: "/sys/fs/cgroup/cpu", root: "/" },
      { version: 1, controllers: ["name=systemd"], mountPoint: "/sys/fs/cgroup/systemd", root: "/" },
      { version: 2, controllers: [], mountPoint: "/with blank", root: "/sub" },
    ]);
  });
});

describe("folderOf", () => {
  const mounts = parseCgroupMounts(dockerOnVersion1);

  it("finds the folder below the mount of the right hierarchy", () => {
    expect(folderOf({ controllers: ["cpu"], path: "/docker/ab" }, mounts)).toEqual({
      version: 1,
      path: "/docker/ab",
      folder: "/sys/fs/cgroup/cpu/docker/ab",
      mountPoint: "/sys/fs/cgroup/cpu",
    });
  });

  it("takes off the part of the path that is mounted", () => {
    expect(folderOf({ controllers: [], path: "/sub/x" }, mounts)?.folder).toBe("/with blank/x");
  });

  it("finds nothing where that part of the hierarchy is not mounted", () => {
    expect(folderOf({ controllers: [], path: "/subway" }, mounts)).toBeUndefined();
    expect(folderOf({ controllers: ["memory"], path: "/" }, mounts)).toBeUndefined();
  });
});
