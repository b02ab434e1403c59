import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { asEarlier, type KnownFailure, readKnown, writeKnownFile } from "../../../src/campaign/index.js";
import { makeCampaign } from "../../helpers/campaign-folder.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "known-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function known(id: string, campaign: string, day: number): KnownFailure {
  return {
    signature: { id, message: `lost ${id}`, frames: ["a.b"] },
    ...{ title: `lost ${id}`, campaign, seenAt: `2026-01-0${day}T00:00:00.000Z` },
  };
}

function writeJson(value: unknown): string {
  const path = join(folder, "told.json");
  writeFileSync(path, JSON.stringify(value));
  return path;
}

describe("known.json", () => {
  it("gives back what was written, each signature once, as it was seen last", () => {
    const path = join(folder, "deep/known.json");
    const before = [known("b", "second", 2), known("a", "first", 1), known("a", "zeroth", 0)];
    writeKnownFile(path, before, [known("a", "third", 3)]);
    expect(readKnown(path)).toEqual([known("b", "second", 2), known("a", "third", 3)]);
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({
      nmzKnown: 1,
      failures: [{ id: "b", message: "lost b", frames: ["a.b"] }, { id: "a" }],
    });
  });

  it("keeps the 5000 failures that were seen last", () => {
    const path = join(folder, "known.json");
    const many = Array.from({ length: 5001 }, (_, index) => known(`f${index}`, "old", index === 0 ? 0 : 1));
    writeKnownFile(path, many, [known("now", "new", 2)]);
    const ids = readKnown(path)?.map(({ signature }) => signature.id);
    expect([ids?.length, ids?.[0], ids?.at(-1)]).toEqual([5000, "f2", "now"]);
  });

  it("is what failed in a campaign, where its folder is given, and what that one was told of", () => {
    makeCampaign(join(folder, "c"), { runs: 60, kept: 0 });
    const ids = () => readKnown(join(folder, "c"))?.map(({ signature }) => signature.id);
    expect(ids()).toEqual(["a1b2c3d4e5f6"]);
    writeKnownFile(join(folder, "c/known.json"), [known("a", "first", 1)], []);
    expect(ids()).toEqual(["a", "a1b2c3d4e5f6"]);
  });

  it("is read from a report in JSON", () => {
    const failure = { id: "a", message: "lost #", frames: [], title: "lost 2" };
    const campaign = { id: "c1", startedAt: "2026-01-01T00:00:00.000Z" };
    expect(readKnown(writeJson({ nmzReport: 1, campaign, failures: [failure] }))).toEqual([
      {
        signature: { id: "a", message: "lost #", frames: [] },
        ...{ title: "lost 2", campaign: "c1", seenAt: "2026-01-01T00:00:00.000Z" },
      },
    ]);
  });

  it("is not there where nothing is", () => {
    expect(readKnown(join(folder, "nowhere.json"))).toBeUndefined();
  });

  it.each([
    ["NMZ_KNOWN_DAMAGED", "{", "cannot read"],
    ["NMZ_KNOWN_DAMAGED", "null", "neither known.json nor a report"],
    ["NMZ_KNOWN_DAMAGED", "[]", "neither known.json nor a report"],
    ["NMZ_KNOWN_DAMAGED", '{"nmzKnown": 1}', "it lists no failures"],
    ["NMZ_KNOWN_DAMAGED", '{"nmzKnown": 1, "failures": [null]}', "has no signature"],
    ["NMZ_KNOWN_DAMAGED", '{"nmzKnown": 1, "failures": [{"id": "a"}]}', "has no signature"],
    ["NMZ_KNOWN_VERSION", '{"nmzKnown": 2, "failures": []}', "is of version 2, and this nmz reads version 1"],
  ])("is refused with %s where it holds %s", (code, text, message) => {
    const path = join(folder, "told.json");
    writeFileSync(path, text);
    expect(() => readKnown(path)).toThrow(expect.objectContaining({ code }));
    expect(() => readKnown(path)).toThrow(message);
  });

  it("tells failures by the campaigns that had them last, the newest first", () => {
    const earlier = asEarlier([known("a", "first", 1), known("b", "second", 2), known("c", "first", 1)]);
    expect(earlier.map(({ campaign, signatures }) => [campaign, signatures.map(({ id }) => id)])).toEqual([
      ["second", ["b"]],
      ["first", ["a", "c"]],
    ]);
  });
});
