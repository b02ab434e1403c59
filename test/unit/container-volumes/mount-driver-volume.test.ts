import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { useSharedFolders } from "../../../src/container/from-inside/host-paths.js";
import { mountDriverVolume } from "../../../src/container/volumes/mount-driver-volume.js";
import { UndoStack } from "../../../src/util/index.js";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "nmzc-driver-volume-")));
mkdirSync(join(folder, "shared"));
symlinkSync("/etc", join(folder, "shared/link"));
useSharedFolders([{ source: "/host", target: join(folder, "shared") }]);
afterAll(() => rmSync(folder, { recursive: true }));

function mountOf(device: string): Promise<string> {
  const options = { type: "none", o: "bind", device };
  const info = { name: "v", driver: "local", mountpoint: join(folder, "shared/v"), options };
  return mountDriverVolume(info, folder, 0, new UndoStack());
}

describe("mountDriverVolume, in nmzc's own container", () => {
  it("refuses a bind of a folder of the host that is not there, with the mount to add", async () => {
    await expect(mountOf("/etc")).rejects.toMatchObject({
      code: "NMZ_IMAGE_PATH",
      hint: expect.stringContaining("-v /etc:/etc"),
    });
  });

  it("refuses one that leads out of what is shared by a symbolic link", async () => {
    await expect(mountOf("/host/link")).rejects.toMatchObject({ code: "NMZ_IMAGE_PATH" });
  });

  it("leaves nothing when it refuses", () => {
    expect(existsSync(join(folder, "driver-volume-0"))).toBe(false);
  });
});
