import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAgentFolder } from "../../../src/container/java/agent-folder.js";
import type { JavaRequest } from "../../../src/container/java/java-request.js";
import { UndoStack } from "../../../src/util/index.js";

let home: string;
let undo: UndoStack;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "nmzc-agent-folder-"));
  undo = new UndoStack();
  for (const jar of ["agent.jar", "byteman.jar"]) writeFileSync(join(home, jar), jar, { mode: 0o600 });
});
afterEach(() => rmSync(home, { recursive: true }));

function create(request: JavaRequest, runFolder = home) {
  const [agent, byteman] = [join(home, "agent.jar"), join(home, "byteman.jar")];
  return createAgentFolder({ runFolder, agent, companions: [byteman], request, undo });
}

describe("createAgentFolder", () => {
  it("names everything to the JVM by its path in the container", () => {
    const { option, mount } = create({
      functions: ["a.B#c", "a.B#d(int,long)"],
      scripts: ["RULE x", "RULE y"],
      options: ["timeout=1m"],
    });
    expect(option).toBe(
      "-javaagent:/.nmz/agent.jar=functions=a.B#c,a.B#d(int,long)," +
        "script:/.nmz/rules-0.btm,script:/.nmz/rules-1.btm,timeout=1m,endpointFile=/.nmz/endpoint",
    );
    expect(mount).toEqual({ Type: "bind", Source: join(home, "java"), Target: "/.nmz", ReadOnly: true });
    expect(readFileSync(join(home, "java/rules-1.btm"), "utf8")).toBe("RULE y");
  });

  it("lets every user read, whatever our umask is", () => {
    const before = process.umask(0o077);
    try {
      create({ functions: [], scripts: ["RULE x"], options: [] }).announce(4711);
    } finally {
      process.umask(before);
    }
    const folder = join(home, "java");
    expect(statSync(folder).mode & 0o777).toBe(0o755);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o444);
  });

  it("says where the endpoint is once it is there, and leaves nothing when it is undone", async () => {
    const folder = create({ functions: ["a.B#c"], scripts: [], options: [] });
    expect(existsSync(join(home, "java/endpoint"))).toBe(false);
    folder.announce(4711);
    expect(readFileSync(join(home, "java/endpoint"), "utf8")).toBe("127.0.0.1:4711\n");
    expect(await undo.unwind()).toEqual([]);
    expect(existsSync(join(home, "java"))).toBe(false);
  });

  it("says what failed when there is no room for it, and undoes what it made", async () => {
    const request = { functions: ["a.B#c"], scripts: [], options: [] };
    expect(() => create(request, join(home, "missing"))).toThrow(
      expect.objectContaining({ code: "NMZ_JAVA_AGENT" }),
    );
    expect(await undo.unwind()).toEqual([]);
  });
});
