import { mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { VolumeRequest } from "../../../src/container/run-request.js";
import { volumeEntity, withVolumesByTarget } from "../../../src/container/volumes/volume-entity.js";
import { entriesOf } from "../../../src/replay/index.js";
import { fileDecision } from "../replay/simulated-workload.js";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "nmzc-volume-entity-")));
});
afterEach(() => rmSync(folder, { recursive: true }));

function volume(source: string | undefined, target: string): VolumeRequest {
  return { type: "bind", source, target } as VolumeRequest;
}

function entitiesOf(recorded: readonly string[], volumes: readonly VolumeRequest[]): string[] {
  const entries = entriesOf(recorded.map((entity) => ({ ...fileDecision(1), entity })));
  return [...withVolumesByTarget(entries, volumes)].flatMap((entry) =>
    entry.kind === "decision" ? [entry.decision.entity] : [],
  );
}

describe("withVolumesByTarget", () => {
  it("knows the volumes of a record that named the host's folders", () => {
    symlinkSync(folder, join(folder, "link"));
    const recorded = [`_namazu_container_fs_inspector_${folder}`, "_namazu_container_ethernet_inspector"];
    const volumes = [volume(join(folder, "link"), "/data"), volume(undefined, "/more")];
    expect(entitiesOf(recorded, volumes)).toEqual([volumeEntity("/data"), recorded[1]]);
  });

  it("leaves names of targets alone, also where one is a folder of the host", () => {
    const volumes = [volume("/a", "/b"), volume("/b", "/c")];
    expect(entitiesOf([volumeEntity("/b"), volumeEntity("/c")], volumes)).toEqual([
      volumeEntity("/b"),
      volumeEntity("/c"),
    ]);
  });

  it("keeps commands", () => {
    const command = { kind: "command", command: { command: "date", atMs: 1 } } as const;
    expect([...withVolumesByTarget([command], [volume("/a", "/b")])]).toEqual([command]);
  });
});
