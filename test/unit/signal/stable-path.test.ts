import { describe, expect, it } from "vitest";
import { FilesystemEvent, stablePath } from "../../../src/signal/index.js";

describe("stablePath", () => {
  it.each([
    ["configstore/example.json.3385139931", "configstore/example.json.#"],
    ["cache/9f86d081884c7d65", "cache/#"],
    ["spool/3b241101-e2bb-4255-8caf-4136c566a962.part", "spool/#.part"],
    ["tmpab12_x9z/out", "#/out"],
    ["wal/0000000000000001-0000000000000000.wal", "wal/#-#.wal"],
  ])("takes chance and time out of %s", (path, stable) => {
    expect(stablePath(path)).toBe(stable);
  });

  it.each(["", "data/log.1", "a/b/c.txt", "deadbeef.txt", "template/header.html", "part-007", "tmp/file"])(
    "leaves %j as it is",
    (path) => {
      expect(stablePath(path)).toBe(path);
    },
  );

  it("makes two runs of one program send the same replay hints, and leaves the path itself alone", () => {
    const [one, other] = ["state.json.15766627", "state.json.1121386188"].map(
      (path) => new FilesystemEvent("entity", "pre-fsync", path),
    );
    expect(one!.replayHint).toBe(other!.replayHint);
    expect(one!.option).toEqual({ op: "pre-fsync", path: "state.json.15766627" });
  });
});
