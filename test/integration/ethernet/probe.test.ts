import { execFileSync } from "node:child_process";
import { readlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  inNetns,
  installPacketRules,
  inTemporaryNetns,
  isHostNetns,
  PacketRulesError,
  probePacketQueue,
  removePacketRules,
} from "../../../runtime/kernel/index.js";
import { requires } from "../../helpers/requires.js";
import { hostRules, TestNetns } from "./test-netns.js";

requires("root", "nfqueue", "nfqueue-v6", "ip");

const here = () => readlinkSync("/proc/thread-self/ns/net");

describe("inNetns", () => {
  it("runs the work there and comes back, also when the work throws", () => {
    const netns = new TestNetns();
    try {
      const home = here();
      expect(inNetns(netns.path, here)).not.toBe(home);
      expect(() =>
        inNetns(netns.path, () => {
          throw new Error("work failed");
        }),
      ).toThrow("work failed");
      expect(here()).toBe(home);
    } finally {
      netns.remove();
    }
  });

  it("refuses work that would go on after it came back", () => {
    const home = here();
    expect(() => inTemporaryNetns(() => Promise.resolve())).toThrow(TypeError);
    expect(here()).toBe(home);
  });

  it("says what cannot be entered", () => {
    expect(() => inNetns("/proc/self/status", () => {})).toThrow("setns /proc/self/status: EINVAL");
    expect(() => inNetns("/var/run/netns/nmzt-ethernet-none", () => {})).toThrow("ENOENT");
  });
});

describe("installPacketRules", () => {
  it("refuses the network of the machine", async () => {
    expect(isHostNetns("/proc/self/ns/net")).toBe(true);
    const host = hostRules();
    const install = installPacketRules({
      netnsPath: "/proc/self/ns/net",
      queueNumber: 42,
      directions: ["output"],
      match: [],
    });
    await expect(install).rejects.toThrow(PacketRulesError);
    expect(hostRules()).toBe(host);
  });

  it("is undone any number of times", async () => {
    const netns = new TestNetns();
    const options = {
      netnsPath: netns.path,
      queueNumber: 7,
      directions: ["output", "input"],
      match: [],
    } as const;
    try {
      expect(await installPacketRules(options)).toMatchObject({ v4: undefined, v6: undefined });
      await installPacketRules(options);
      await removePacketRules(options);
      expect(netns.rules()).not.toContain("NMZC-7");
      await removePacketRules(options);
    } finally {
      netns.remove();
    }
    await removePacketRules(options);
  });

  it("does without IPv6 where the namespace has none", async () => {
    const netns = new TestNetns();
    try {
      netns.run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1");
      const options = { netnsPath: netns.path, queueNumber: 7, directions: ["output"], match: [] } as const;
      expect((await installPacketRules(options)).v4).toBeUndefined();
    } finally {
      netns.remove();
    }
  });
});

describe("probePacketQueue", () => {
  it("finds what the command line finds, and leaves the machine as it was", async () => {
    const host = hostRules();
    const ability = await probePacketQueue();
    expect(ability.v4).toBeUndefined();
    expect(ability.v6).toBeUndefined();
    expect(execFileSync(ability.iptables!, ["--version"], { encoding: "utf8" })).toContain("iptables");
    expect(hostRules()).toBe(host);
  });
});
