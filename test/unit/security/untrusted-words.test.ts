import { mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withoutToken } from "../../../src/cli/without-token.js";
import { OutFolder } from "../../../src/record/index.js";
import {
  actionFromJson,
  deliveredActionClasses,
  eventFromJson,
  PacketEvent,
} from "../../../src/signal/index.js";

describe("Commands", () => {
  const event = eventFromJson({
    type: "event",
    class: "PacketEvent",
    entity: "e",
    uuid: "1",
    deferred: true,
    replay_hint: "",
    option: { src_entity: "a", dst_entity: "b" },
  });

  it("come from a policy or a config, and never over a wire to an inspector", () => {
    expect(event).toBeInstanceOf(PacketEvent);
    expect(deliveredActionClasses).not.toContain("ShellAction");
    const shell = {
      type: "action",
      class: "ShellAction",
      entity: "e",
      uuid: "2",
      option: { command: "touch /tmp/x" },
    };
    expect(() => actionFromJson(shell, event)).toThrow('"ShellAction"');
  });

  it.each(["ShellAction", "__proto__", "constructor", "toString"])("are no class of events: %s", (name) => {
    const json = {
      type: "event",
      class: name,
      entity: "e",
      uuid: "1",
      deferred: false,
      replay_hint: "",
      option: {},
    };
    expect(() => eventFromJson(json)).toThrow();
  });
});

describe("withoutToken", () => {
  it.each([
    [["orchestrator", "--token", "secret", "config.toml"], "orchestrator --token *** config.toml"],
    [
      ["inspectors", "proc", "--token=secret", "--", "curl", "--token", "theirs"],
      "inspectors proc --token=*** -- curl --token theirs",
    ],
  ])("hides what others would see in ps", (words, shown) => {
    expect(withoutToken(words).join(" ")).toBe(shown);
  });

  it("leaves other words alone, what follows -- among them", () => {
    const words = ["inspectors", "proc", "--", "curl", "--token", "theirs"];
    expect(withoutToken(words)).toBe(words);
  });
});

describe("OutFolder", () => {
  it("does not take a link in the place of a run's folder", () => {
    const folder = mkdtempSync(join(tmpdir(), "nmzt-out-"));
    const elsewhere = mkdtempSync(join(tmpdir(), "nmzt-elsewhere-"));
    try {
      symlinkSync(elsewhere, join(folder, "3c609dcbe07c"));
      expect(() => new OutFolder(folder, "3c609dcbe07c")).toThrow("3c609dcbe07c");
      expect(readdirSync(elsewhere)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
      rmSync(elsewhere, { recursive: true });
    }
  });
});
