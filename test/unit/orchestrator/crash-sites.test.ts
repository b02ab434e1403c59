import { describe, expect, it } from "vitest";
import { CrashSites } from "../../../src/orchestrator/crash-sites.js";
import type { CrashSite, FilesystemCrashAction } from "../../../src/signal/index.js";
import { NmzError } from "../../../src/util/index.js";

function site(entity: string, crashed: string[], failure?: string | Error): CrashSite {
  return {
    entities: [entity],
    async crash() {
      if (failure !== undefined) throw failure instanceof Error ? failure : new Error(failure);
      crashed.push(entity);
      return { lost: [{ path: "log", writes: 1, bytes: 4 }], failed: [] };
    },
  };
}

const noAnswer = new NmzError("NMZ_CRASH_NO_ANSWER", "its inspector has gone");

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

  it("is content with who came back for an entity, while its dead connection does not answer", async () => {
    const sites = new CrashSites(() => {});
    const crashed: string[] = [];
    const withdraw = sites.offer(site("disk", [], noAnswer));
    await expect(sites.crash("disk")).rejects.toMatchObject({ code: "NMZ_CRASH_FAILED" });
    sites.offer(site("disk", crashed));
    sites.offer(site("tape", crashed));
    expect((await sites.crash("disk")).map(({ entities }) => entities)).toEqual([["disk"]]);
    expect(await sites.crash()).toHaveLength(2);
    withdraw();
    expect(await sites.crash("disk")).toHaveLength(1);
    expect(crashed).toEqual(["disk", "disk", "tape", "disk"]);
    expect(sites.done).toBe(4);
  });

  it("makes two that call themselves alike crash, and the one that stays when the other leaves", async () => {
    const sites = new CrashSites(() => {});
    const [one, other]: [string[], string[]] = [[], []];
    sites.offer(site("disk", one));
    const withdraw = sites.offer(site("disk", other));
    expect(await sites.crash("disk")).toHaveLength(2);
    expect([one, other]).toEqual([["disk"], ["disk"]]);
    withdraw();
    expect(await sites.crash()).toHaveLength(1);
    expect([one, other]).toEqual([["disk", "disk"], ["disk"]]);
  });

  it("tells of one that answered that it could not, though another of its entity could", async () => {
    const sites = new CrashSites(() => {});
    sites.offer(site("disk", []));
    sites.offer(site("disk", [], "the mount is being taken down"));
    await expect(sites.crash("disk")).rejects.toMatchObject({ code: "NMZ_CRASH_FAILED" });
    expect(sites.done).toBe(1);
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
