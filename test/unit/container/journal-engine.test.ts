import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openEngine } from "../../../runtime/engine/index.js";
import { pathsThrough } from "../../../src/container/from-inside/host-paths.js";
import { journalEngineOf, openJournalEngine } from "../../../src/container/journal-engine.js";
import { parseJournal } from "../../../src/journal/index.js";
import { startFakeEngineServer } from "../../helpers/fake-engine-server.js";
import { fakeEngine } from "../cli/fake-context.js";

type Info = Parameters<typeof journalEngineOf>[0]["info"];
const engineAt = (address: string, kind: "docker" | "podman" = "docker") =>
  fakeEngine([], { info: { address, kind, name: "Docker Engine 20.10.24" } as Info });

describe("The engine of a journal", () => {
  it("stands there with the host's path of its socket, and its kind", () => {
    const inside = pathsThrough([{ source: "/run/podman", target: "/sockets" }]);
    expect(journalEngineOf(engineAt("unix:///sockets/podman.sock", "podman"), inside)).toEqual({
      address: "unix:///run/podman/podman.sock",
      kind: "podman",
    });
    expect(journalEngineOf(engineAt("embedded", "podman"), inside)).toEqual({
      address: "embedded",
      kind: "podman",
    });
    expect(journalEngineOf(engineAt("unix:///run/docker.sock"))).toMatchObject({
      address: "unix:///run/docker.sock",
    });
  });

  it("is ours where it is the same one, whichever path leads to it", async () => {
    const inside = pathsThrough([{ source: "/run/podman", target: "/sockets" }]);
    const ours = engineAt("unix:///sockets/podman.sock", "podman");
    const wanted = { address: "unix:///run/podman/podman.sock", kind: "podman" } as const;
    expect(await openJournalEngine(wanted, ours, inside)).toBe(ours);
  });

  it("is opened by our own path of its socket", async () => {
    await using server = await startFakeEngineServer();
    const { info } = await openEngine(server.environment);
    const inside = pathsThrough([{ source: "/host/sockets", target: join(server.socketPath, "..") }]);
    const wanted = { address: "unix:///host/sockets/engine.sock", kind: "docker" } as const;
    const opened = await openJournalEngine(wanted, undefined, inside);
    expect(opened.info.socketPath).toBe(info.socketPath);
  });

  it("is not another kind of engine that answers at the same socket", async () => {
    const ours = engineAt("unix:///run/x.sock");
    const wanted = { address: "unix:///run/x.sock", kind: "podman" } as const;
    await expect(openJournalEngine(wanted, ours)).rejects.toThrow(
      "at unix:///run/x.sock is Docker Engine 20.10.24, and the run was made by Podman",
    );
    expect(await openJournalEngine({ ...wanted, kind: undefined }, ours)).toBe(ours);
  });

  it("is read back from a journal, and must be of a kind that is known", () => {
    const journal = { nmzJournal: 1, runId: "r", seed: "s", pid: 1, startTicks: 2, records: [] };
    const engine = { engine: "unix:///run/x.sock", engineKind: "podman" };
    expect(parseJournal(JSON.stringify({ ...journal, ...engine }))).toMatchObject(engine);
    expect(parseJournal(JSON.stringify({ ...journal, engineKind: "other" }))).toBeUndefined();
    expect(parseJournal(JSON.stringify(journal))).toBeDefined();
  });
});
