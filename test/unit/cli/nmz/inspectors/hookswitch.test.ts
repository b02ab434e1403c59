import { describe, expect, it } from "vitest";
import type { HookSwitchRequest } from "../../../../../src/standalone/index.js";
import { runCli } from "../../fake-context.js";

async function servedBy(...words: string[]): Promise<string> {
  let served = "";
  const { exitCode, stderr } = await runCli(["nmz", "inspectors", "ethernet", ...words], {
    services: {
      inspectHookSwitch: async ({ hookSwitch, entity }: HookSwitchRequest) => {
        served = `${entity} at ${hookSwitch}`;
        return 0;
      },
      inspectEthernet: async ({ queueNumber }) => {
        served = `queue ${queueNumber}`;
        return 0;
      },
    },
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return served;
}

describe("nmz inspectors ethernet --hookswitch", () => {
  it("serves a switch where Namazu's inspector did, unless a queue is named", async () => {
    const there = "_namazu_ethernet_inspector at ipc:///tmp/namazu-hookswitch-zmq";
    expect(await servedBy()).toBe(there);
    expect(await servedBy("-nfq-number", "-1")).toBe(there);
    expect(await servedBy("-hookswitch", "ipc:///tmp/x", "-nfq-number=42")).toBe("queue 42");
  });

  it("serves a switch at an address of one's own", async () => {
    expect(await servedBy("--hookswitch=tcp://127.0.0.1:5555", "-entity-id", "s")).toBe(
      "s at tcp://127.0.0.1:5555",
    );
  });

  it.each([
    ["--install-rule", "--hookswitch", "ipc:///tmp/x"],
    ["--netns", "h1"],
    ["--hookswitch", "ipc:///tmp/x", "--dport", "80"],
    ["--hookswitch", ""],
  ])("refuses %j", async (...words) => {
    const { exitCode } = await runCli(["nmz", "inspectors", "ethernet", ...words]);
    expect(exitCode).not.toBe(0);
  });
});
