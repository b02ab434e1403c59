import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { useSharedFolders } from "../../../src/container/from-inside/host-paths.js";
import { refuseInContainer } from "../../../src/container/from-inside/refuse-in-container.js";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "nmzc-refuse-")));
const [shared, own] = [join(folder, "shared"), join(folder, "own")];
for (const each of [shared, own]) mkdirSync(each);
writeFileSync(join(own, "shake.toml"), "");
afterAll(() => rmSync(folder, { recursive: true }));

const asked = {
  isDetached: false,
  forwardSignals: true,
  outDir: undefined,
  cidFile: undefined,
  autopilotFile: undefined,
};

describe("refuseInContainer", () => {
  it("refuses nothing on a machine", () => {
    expect(() => refuseInContainer({ ...asked, isDetached: true, cidFile: "/no/cid" })).not.toThrow();
  });

  it("refuses what would outlive nmzc's own container", () => {
    useSharedFolders([{ source: "/host", target: shared }]);
    expect(() => refuseInContainer({ ...asked, isDetached: true })).toThrow(/^-d: /);
    expect(() => refuseInContainer({ ...asked, forwardSignals: false })).toThrow(/^--sig-proxy=false: /);
    expect(() => refuseInContainer(asked)).not.toThrow();
  });

  it("refuses to write where only nmzc's own container has it", () => {
    expect(() => refuseInContainer({ ...asked, cidFile: join(own, "cid") })).toThrow(/own\/cid is only in/);
    expect(() => refuseInContainer({ ...asked, outDir: own })).toThrow(/own is only in/);
    expect(() => refuseInContainer({ ...asked, cidFile: join(shared, "cid"), outDir: shared })).not.toThrow();
  });

  it("names the mount for a config that is not here, and takes one that is", () => {
    const missing = join(own, "other.toml");
    expect(() => refuseInContainer({ ...asked, autopilotFile: missing })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(`-v ${missing}:${missing}`) }),
    );
    expect(() => refuseInContainer({ ...asked, autopilotFile: join(own, "shake.toml") })).not.toThrow();
  });
});
