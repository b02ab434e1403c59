import { describe, expect, it } from "vitest";
import { ownContainerIds, ownContainerOf } from "../../../runtime/engine/own-container.js";

const own = "a".repeat(64);
const other = "b".repeat(64);

describe("ownContainerIds", () => {
  it("takes the container whose files the engine has put over /etc/hostname, not one that is merely mounted", () => {
    const mountinfo = [
      `500 400 254:0 /var/lib/docker/containers/${own}/hostname /etc/hostname rw,relatime - ext4 /dev/vda rw`,
      `501 400 254:0 /var/lib/docker/containers/${other}/data /data rw,relatime - ext4 /dev/vda rw`,
    ].join("\n");
    expect(ownContainerIds(mountinfo, "0::/\n")).toEqual([own]);
  });

  it("knows Podman's places", () => {
    const mountinfo = `500 400 0:24 /containers/storage/overlay-containers/${own}/userdata/hosts /etc/hosts rw - tmpfs tmpfs rw`;
    expect(ownContainerIds(mountinfo, "")).toEqual([own]);
  });

  it("asks the control group first: with --network container:X those files are X's", () => {
    const mountinfo = `500 400 254:0 /var/lib/docker/containers/${other}/hosts /etc/hosts rw - ext4 /dev/vda rw`;
    const cgroup = `4:memory:/docker/${own}\n3:pids:/docker/${own}\n`;
    expect(ownContainerIds(mountinfo, cgroup)).toEqual([own, other]);
  });

  it("takes the innermost of groups that lie in each other", () => {
    expect(ownContainerIds("", `0::/docker/${other}/docker/${own}\n`)).toEqual([own, other]);
  });

  it("finds none on a machine", () => {
    expect(ownContainerIds("22 27 0:21 / /proc rw - proc proc rw\n", "0::/user.slice\n")).toEqual([]);
  });
});

describe("ownContainerOf", () => {
  const inspected = (mode: string | undefined, Mounts: object[] = []) =>
    ({
      Id: own,
      Image: "sha256:1",
      Config: {},
      HostConfig: { CgroupnsMode: mode },
      Mounts,
    }) as unknown as Parameters<typeof ownContainerOf>[0];

  it("says whether control groups have the host's paths, also of an engine that does not", () => {
    expect(ownContainerOf(inspected("host"), "0::/\n").sharesCgroups).toBe(true);
    expect(ownContainerOf(inspected("private"), "0::/\n").sharesCgroups).toBe(false);
    expect(ownContainerOf(inspected(undefined), "0::/machine.slice/x.scope\n").sharesCgroups).toBe(true);
  });

  it("has no source of what is in memory", () => {
    const mounts = [
      { Type: "tmpfs", Source: "", Destination: "/no/memory", RW: true },
      { Type: "bind", Source: "/srv", Destination: "/no/srv", RW: false },
    ];
    expect(ownContainerOf(inspected("host", mounts), "").mounts).toEqual([
      { source: "", target: "/no/memory", volume: undefined, isReadOnly: false },
      { source: "/srv", target: "/no/srv", volume: undefined, isReadOnly: true },
    ]);
  });
});
