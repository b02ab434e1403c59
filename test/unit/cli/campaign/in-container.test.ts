import { describe, expect, it } from "vitest";
import { resultsInContainer } from "../../../../src/cli/campaign/in-container.js";
import { applyFlags, readFlags } from "../../../../src/cli/flags/index.js";
import { finishRun, newRunDraft, runFlagSections } from "../../../../src/cli/run/index.js";

const image = { workingDir: "/app", volumes: ["/app/data"] };

function look(globs: readonly string[], ...words: readonly string[]) {
  const rules = { path: "nmzc loop", isInterspersed: false, hasShortHelp: false };
  const { uses, args } = readFlags(
    [...words, "image"],
    runFlagSections.flatMap(({ flags }) => flags),
    rules,
  );
  const draft = newRunDraft({ env: {}, cwd: "/home", readFile: () => Buffer.from("") });
  applyFlags(uses, draft, rules);
  return resultsInContainer(finishRun(draft, args, rules.path), image, globs);
}

describe("resultsInContainer", () => {
  it("is the usual places below the working directory where nobody named any", () => {
    expect(look([])).toEqual({ workdir: "/app", globs: [] });
    expect(look([], "-w", "/other")).toEqual({ workdir: "/other", globs: [] });
  });

  it("is nothing where the working directory is mounted", () => {
    expect(look([], "-v", "/src:/app")).toBeUndefined();
    expect(look([], "-v", "/src:/src", "-w", "/src/module")).toBeUndefined();
    expect(look([], "--tmpfs", "/app")).toBeUndefined();
  });

  it("is the globs outside of all that is mounted, from the working directory on", () => {
    const words = ["-v", "/src:/src", "-v", "/m2:/root/.m2"];
    expect(look(["/src/target/*.xml", "/out/*.xml", "build/*.xml"], ...words)).toEqual({
      workdir: "/app",
      globs: ["/out/*.xml", "/app/build/*.xml"],
    });
  });

  it("leaves to the mounted folders what is relative and cannot be had of the container", () => {
    expect(look(["**/TEST-*.xml"], "-v", "/src:/src")).toBeUndefined();
    expect(look(["../x.xml"], "-v", "/src:/src")).toBeUndefined();
  });

  it.each([
    ["/**/*.xml", [], /whole container would have to be read/],
    ["/app/*.xml", [], /\/app\/data mounted below it/],
    ["**/*.xml", [], /\/app\/data mounted below it/],
    ["/app/data/*.xml", [], /lies in \/app\/data, a volume/],
    [
      "/src/*.xml",
      ["-v", "/src:/src:ro"],
      /lies in \/src, a volume that is no folder which the runs may write to/,
    ],
    ["/named/*.xml", ["-v", "named:/named"], /lies in \/named, a volume/],
    ["/tmp/*.xml", ["--tmpfs", "/tmp"], /lies in \/tmp, a volume/],
    ["../*.xml", [], /leads out/],
  ] as const)("refuses %s with %j", (glob, words, message) => {
    expect(() => look([glob], ...words)).toThrow(message);
  });
});
