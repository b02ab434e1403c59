import { describe, expect, it } from "vitest";
import { CrashSites } from "../../../src/orchestrator/crash-sites.js";
import type { CrashSite, FilesystemCrashAction } from "../../../src/signal/index.js";

function site(entity: string, crashed: string[], failure?: string): CrashSite {
  return {
    entities: [entity],
    async crash() {
      if (failure !== undefined) throw new Error(failure);
      crashed.push(entity);
      return { lost: [{ path: "log", writes: 1, bytes: 4 }], failed: [] };
    },
  };
}

describe("CrashSites", () => {
  it("makes all of them crash, or the one with an entity, and tells what each lost", async () => {
    const told: FilesystemCrashAction[] = [];
    const sites = new CrashSites((action) => told.push(action));
    const crashed: string[] = [];
    sites.offer(site("disk", crashed));
    sites.offer(site("tape", crashed));
    const loss = { lost: [{ path: "log", writes: 1, bytes: 4 }], failed: [] };
    expect(await sites.crash("tape")).toEqual([{ entities: ["tape"], ...loss }]);
    expect((await sites.crash()).map(({ entities }) => entities)).toEqual([["disk"], ["tape"]]);
    expect(crashed).toEqual(["tape", "disk", "tape"]);
    expect(sites.done).toBe(3);
    expect(told.map(({ filesystem }) => filesystem)).toEqual(["tape", undefined]);
  });

  it("refuses what nobody can do, and tells nobody of it", async () => {
    const told: FilesystemCrashAction[] = [];
    const sites = new CrashSites((action) => told.push(action));
    await expect(sites.crash()).rejects.toMatchObject({ code: "NMZ_CRASH_NOBODY" });
    const withdraw = sites.offer(site("disk", []));
    const unknown = { code: "NMZ_CRASH_ENTITY", hint: "those that can: disk" };
    await expect(sites.crash("tape")).rejects.toMatchObject(unknown);
    withdraw();
    await expect(sites.crash("disk")).rejects.toMatchObject({ code: "NMZ_CRASH_NOBODY" });
    expect(told).toEqual([]);
  });

  it("asks who offered last for an entity, and not the dead connection that offered it before", async () => {
    const sites = new CrashSites(() => {});
    const [before, after]: [string[], string[]] = [[], []];
    const withdraw = sites.offer(site("disk", before));
    sites.offer(site("disk", after));
    withdraw();
    await sites.crash();
    await sites.crash("disk");
    expect([before, after]).toEqual([[], ["disk", "disk"]]);
  });

  it("lets one that fails keep no other from crashing, and names it", async () => {
    const sites = new CrashSites(() => {});
    const crashed: string[] = [];
    sites.offer(site("disk", crashed, "the mount is being taken down"));
    sites.offer(site("tape", crashed));
    await expect(sites.crash()).rejects.toMatchObject({
      code: "NMZ_CRASH_FAILED",
      message: expect.stringContaining("disk: the mount is being taken down"),
    });
    expect(crashed).toEqual(["tape"]);
    expect(sites.done).toBe(1);
  });
});
