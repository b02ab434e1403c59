import { describe, expect, it } from "vitest";
import { ownContainerIds } from "../../../runtime/engine/own-container.js";

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

  it("falls back on the control group", () => {
    expect(ownContainerIds("", `4:memory:/docker/${own}\n3:pids:/docker/${own}\n`)).toEqual([own]);
  });

  it("finds none on a machine", () => {
    expect(ownContainerIds("22 27 0:21 / /proc rw - proc proc rw\n", "0::/user.slice\n")).toEqual([]);
  });
});
