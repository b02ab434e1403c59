import { describe, expect, it } from "vitest";
import { parseMountinfo } from "../../../../runtime/kernel/mount/index.js";

const text = `22 27 0:21 / /proc rw,relatime - proc proc rw
61 27 0:57 / /run/nmzc/a\\040b/volume-0 ro,nosuid,nodev shared:12 master:3 - fuse.nmzc /src\\134x rw,user_id=0,allow_other
not a line
`;

describe("parseMountinfo", () => {
  it("reads each mount, with and without optional fields", () => {
    expect(parseMountinfo(text)).toEqual([
      {
        id: 22,
        device: "0:21",
        mountPoint: "/proc",
        options: ["rw", "relatime"],
        type: "proc",
        source: "proc",
      },
      {
        id: 61,
        device: "0:57",
        mountPoint: "/run/nmzc/a b/volume-0",
        options: ["ro", "nosuid", "nodev"],
        type: "fuse.nmzc",
        source: "/src\\x",
      },
    ]);
  });
});
