import { describe, expect, it } from "vitest";
import { installText, removeText } from "../../../../runtime/kernel/packet-rules/rule-text.js";

const target = "-j NFQUEUE --queue-num 42 --queue-bypass";

function rulesOf(text: string): string[] {
  return text.split("\n").filter((line) => line.startsWith("-A NMZC-42"));
}

describe("installText", () => {
  it("leads everything to the queue when nothing is asked for", () => {
    expect(installText({ queueNumber: 42, directions: ["output"], match: [] }, 4)).toBe(
      ["*mangle", ":NMZC-42 - [0:0]", `-A NMZC-42 ${target}`, "-A OUTPUT -j NMZC-42", "COMMIT", ""].join(
        "\n",
      ),
    );
  });

  it("jumps from each direction", () => {
    const text = installText({ queueNumber: 42, directions: ["output", "input"], match: [] }, 4);
    expect(text).toContain("-A OUTPUT -j NMZC-42\n-A INPUT -j NMZC-42\n");
  });

  it("lets exempt ports of IPv4's loopback through before anything is matched", () => {
    const rules = {
      queueNumber: 42,
      directions: ["output", "input"],
      match: [],
      exemptPorts: [4711],
    } as const;
    expect(rulesOf(installText(rules, 4))).toEqual([
      "-A NMZC-42 -s 127.0.0.1/32 -d 127.0.0.1/32 -p tcp --dport 4711 -j ACCEPT",
      "-A NMZC-42 -s 127.0.0.1/32 -d 127.0.0.1/32 -p tcp --sport 4711 -j ACCEPT",
      `-A NMZC-42 ${target}`,
    ]);
    expect(rulesOf(installText(rules, 6))).toEqual([`-A NMZC-42 ${target}`]);
  });

  it("lets the way to an orchestrator through, both ways, at its own addresses or at any", () => {
    const rules = { queueNumber: 42, directions: ["output"], match: [] } as const;
    const at = (...addresses: (string | undefined)[]) => ({
      ...rules,
      exemptPeers: addresses.map((address) => ({ address, port: 10080 })),
    });
    expect(rulesOf(installText(at("10.0.0.1", "fd00::1"), 4))).toEqual([
      "-A NMZC-42 -d 10.0.0.1 -p tcp --dport 10080 -j ACCEPT",
      "-A NMZC-42 -s 10.0.0.1 -p tcp --sport 10080 -j ACCEPT",
      `-A NMZC-42 ${target}`,
    ]);
    expect(rulesOf(installText(at("10.0.0.1", "fd00::1"), 6))).toHaveLength(3);
    expect(rulesOf(installText(at(undefined), 6))[0]).toBe("-A NMZC-42 -p tcp --dport 10080 -j ACCEPT");
  });

  it("combines owner, protocol and both ports", () => {
    const range = (from: number, to = from) => ({ from, to });
    const match = [
      {
        protocol: ["tcp"] as const,
        ports: [],
        sourcePorts: [range(1), range(2)],
        destinationPorts: [range(80, 90)],
        uidOwner: "1000",
      },
    ];
    expect(rulesOf(installText({ queueNumber: 42, directions: ["output"], match }, 4))).toEqual([
      `-A NMZC-42 -p tcp --sport 1:1 --dport 80:90 -m owner --uid-owner 1000 ${target}`,
      `-A NMZC-42 -p tcp --sport 2:2 --dport 80:90 -m owner --uid-owner 1000 ${target}`,
    ]);
    const owner = [{ protocol: [], ports: [], uidOwner: "web" }];
    expect(rulesOf(installText({ queueNumber: 42, directions: ["output"], match: owner }, 6))).toEqual([
      `-A NMZC-42 -m owner --uid-owner web ${target}`,
    ]);
  });

  it("matches a port as source and as destination", () => {
    const match = [{ protocol: ["tcp"] as const, ports: [{ from: 80, to: 80 }] }];
    expect(rulesOf(installText({ queueNumber: 42, directions: ["output"], match }, 4))).toEqual([
      `-A NMZC-42 -p tcp --sport 80:80 ${target}`,
      `-A NMZC-42 -p tcp --dport 80:80 ${target}`,
    ]);
  });

  it("takes ports without a protocol as ports of TCP and UDP", () => {
    const match = [{ protocol: [], ports: [{ from: 5000, to: 5010 }] }];
    const rules = rulesOf(installText({ queueNumber: 42, directions: ["output"], match }, 6));
    expect(rules.map((rule) => rule.split(" ").slice(2, 6).join(" "))).toEqual([
      "-p tcp --sport 5000:5010",
      "-p tcp --dport 5000:5010",
      "-p udp --sport 5000:5010",
      "-p udp --dport 5000:5010",
    ]);
  });

  it("writes ICMP only where it exists", () => {
    const match = [{ protocol: ["icmp", "icmpv6"] as const, ports: [] }];
    expect(rulesOf(installText({ queueNumber: 42, directions: ["output"], match }, 4))).toEqual([
      `-A NMZC-42 -p icmp ${target}`,
    ]);
    expect(rulesOf(installText({ queueNumber: 42, directions: ["output"], match }, 6))).toEqual([
      `-A NMZC-42 -p ipv6-icmp ${target}`,
    ]);
  });
});

describe("removeText", () => {
  const saved = [
    "*mangle",
    ":OUTPUT ACCEPT [0:0]",
    ":NMZC-42 - [0:0]",
    ":NMZC-420 - [0:0]",
    "-A OUTPUT -j NMZC-42",
    "-A OUTPUT -j NMZC-42",
    "-A OUTPUT -j NMZC-420",
    "-A OUTPUT -p tcp -j ACCEPT",
    "COMMIT",
  ].join("\n");

  it("takes every jump to the chain and the chain, and nothing else", () => {
    expect(removeText(42, saved)).toBe(
      [
        "*mangle",
        "-D OUTPUT -j NMZC-42",
        "-D OUTPUT -j NMZC-42",
        "-F NMZC-42",
        "-X NMZC-42",
        "COMMIT",
        "",
      ].join("\n"),
    );
  });

  it("has nothing to do where there is no such chain", () => {
    expect(removeText(7, saved)).toBe("");
    expect(removeText(42, "")).toBe("");
  });
});
