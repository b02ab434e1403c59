import { describe, expect, it } from "vitest";
import { planWire, type WireRequest } from "../../../src/standalone/wire/plan-wire.js";

const local: WireRequest = {
  orchestratorUrl: "local://",
  token: undefined,
  autopilotFile: undefined,
  seed: undefined,
  outDir: undefined,
};

describe("planWire", () => {
  it("gives every run a name and a seed", async () => {
    const [first, second] = [await planWire(local), await planWire(local)];
    expect(first.url).toBeUndefined();
    expect(first.runId).not.toBe(second.runId);
    expect(first.seed).not.toBe(second.seed);
    expect((await planWire({ ...local, seed: "tuna" })).seed).toBe("tuna");
  });

  it("takes http and https, and nothing else", async () => {
    const urlOf = async (orchestratorUrl: string) => (await planWire({ ...local, orchestratorUrl })).url;
    expect((await urlOf("http://10.0.0.1:10080/api/v3"))?.port).toBe("10080");
    expect((await urlOf("https://fuzz/api/v3"))?.hostname).toBe("fuzz");
    for (const text of ["", "10.0.0.1:10080", "ftp://a", "local:", "http://"]) {
      await expect(urlOf(text)).rejects.toThrow("is no orchestrator's URL");
    }
  });

  it("refuses what belongs to an orchestrator in this process when it is another", async () => {
    const remote = { ...local, orchestratorUrl: "http://a:1/api/v3" };
    await expect(planWire({ ...remote, autopilotFile: "/a.toml" })).rejects.toThrow("--autopilot is for");
    await expect(planWire({ ...remote, seed: "tuna" })).rejects.toThrow("--seed is for");
    await expect(planWire({ ...remote, outDir: "/out" })).rejects.toThrow("--nmz-out is for");
  });
});
