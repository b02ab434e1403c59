import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { JavaAgentMissingError, javaAgentFiles } from "../../../../runtime/agents/java/index.js";

describe("javaAgentFiles", () => {
  let root: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "nmzc-jars-")));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function put(...paths: string[]): void {
    for (const path of paths) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), "");
    }
  }

  it.each([
    ["a bundled program", "dist/bin/nmzc.js"],
    ["the compiled module", "dist/runtime/agents/java/java-agent-files.js"],
    ["the sources", "runtime/agents/java/java-agent-files.ts"],
  ])("finds the jars from %s", (_what, from) => {
    put(from, "dist/agents/java/nmz-java.jar", "dist/agents/java/byteman.jar");
    expect(javaAgentFiles(join(root, from))).toEqual({
      agent: join(root, "dist/agents/java/nmz-java.jar"),
      byteman: join(root, "dist/agents/java/byteman.jar"),
    });
  });

  it("says which file is missing and how to make it", () => {
    put("dist/bin/nmzc.js", "dist/agents/java/nmz-java.jar");
    const missing = () => javaAgentFiles(join(root, "dist/bin/nmzc.js"));
    expect(missing).toThrow(JavaAgentMissingError);
    expect(missing).toThrow("dist/agents/java/byteman.jar is missing");
    rmSync(join(root, "dist/agents"), { recursive: true });
    expect(missing).toThrow("nmz-java.jar is missing");
    try {
      missing();
    } catch (error) {
      expect((error as JavaAgentMissingError).hint).toContain("scripts/build-agent");
    }
  });
});
