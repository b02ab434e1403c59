import { describe, expect, it } from "vitest";
import type { OwnContainer } from "../../../runtime/engine/index.js";
import { folderOfVolumes, siblingBody } from "../../../src/container/from-inside/sibling.js";

const own: OwnContainer = {
  id: "a".repeat(64),
  imageId: "sha256:1",
  user: "",
  hasTty: false,
  hasStdin: false,
  sharesPids: false,
  sharesNetwork: false,
  sharesUsers: true,
  sharesCgroups: false,
  cgroupParent: undefined,
  mounts: [
    { source: "/a:b", target: "/work", volume: undefined, isReadOnly: true },
    { source: "", target: "/scratch", volume: undefined, isReadOnly: false },
    { source: "/engine/volumes/state/_data", target: "/state", volume: "state", isReadOnly: false },
    {
      source: "/engine/volumes/1f/_data",
      target: "/var/lib/containers",
      volume: "1f",
      isReadOnly: false,
    },
  ],
};

const { HostConfig: host } = siblingBody({
  own,
  command: ["nmzc"],
  environment: {},
  workingFolder: "/work",
  socketPath: "/var/run/docker.sock",
  volumesFolder: "/engine/volumes",
});

describe("siblingBody", () => {
  it("has what ours has, whatever the paths hold, but for what each container has of its own", () => {
    expect(host.Mounts).toEqual([
      { Type: "bind", Source: "/a:b", Target: "/work", ReadOnly: true },
      { Type: "tmpfs", Target: "/scratch" },
      { Type: "volume", Source: "state", Target: "/state", ReadOnly: false },
    ]);
  });

  it("is not mapped where ours is not", () => {
    expect(host.UsernsMode).toBe("host");
  });

  it("is given the host's folders that runs need", () => {
    expect(host.Binds).toEqual([
      "/run/nmzc:/run/nmzc",
      "/sys/fs/cgroup:/sys/fs/cgroup",
      "/engine/volumes:/engine/volumes",
    ]);
  });
});

describe("folderOfVolumes", () => {
  it("is the one that our own volumes are in", () => {
    expect(folderOfVolumes(own.mounts)).toBe("/engine/volumes");
  });

  it("is not known without a volume, or where the engine lays them out in another way", () => {
    const other = { source: "/elsewhere/1f", target: "/x", volume: "1f", isReadOnly: false };
    expect(folderOfVolumes([own.mounts[0]!, own.mounts[1]!, other])).toBeUndefined();
  });
});
