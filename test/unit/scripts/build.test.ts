import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let checkout: string;

/** A checkout whose compiler notes that it was called, and makes a bundler that makes the program. */
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), "nmzc-build-"));
  for (const name of ["package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json"])
    write(name, "{}");
  for (const name of ["src/a.ts", "runtime/b.ts", "scripts/c.ts"]) write(name, "1");
  const bundler =
    'require("fs").mkdirSync("dist/bin", { recursive: true }); require("fs").writeFileSync("dist/bin/nmzc.js", "1");';
  write("bundler.cjs", bundler);
  write("scripts/build-agent", "#!/bin/sh\necho agent >>called\n", 0o755);
  write(
    "node_modules/.bin/tsc",
    "#!/bin/sh\necho compiled >>called\n[ ! -e broken ] || exit 2\nmkdir -p dist/scripts && cp bundler.cjs dist/scripts/bundle.js\n",
    0o755,
  );
  cpSync("scripts/build", join(checkout, "scripts/build"));
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

function write(name: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(join(checkout, name)), { recursive: true });
  writeFileSync(join(checkout, name), text, { mode });
}

/** What was called for it, in order. */
function build(...flags: readonly string[]): readonly string[] {
  rmSync(join(checkout, "called"), { force: true });
  try {
    execFileSync(join(checkout, "scripts/build"), flags, { stdio: "ignore" });
  } catch {
    return ["failed"];
  }
  return readFileSync(join(checkout, "called"), "utf8").trim().split("\n");
}

describe("scripts/build --if-changed", () => {
  it("builds what was never built, then nothing but what the agent knows of itself", () => {
    expect(build("--if-changed")).toEqual(["compiled", "agent"]);
    expect(build("--if-changed")).toEqual(["agent"]);
    utimesSync(join(checkout, "src/a.ts"), new Date(), new Date());
    expect(build("--if-changed")).toEqual(["agent"]);
    expect(build()).toEqual(["compiled", "agent"]);
  });

  it("builds again when a source, a package or what the compiler is told has changed", () => {
    build();
    for (const name of [
      "src/a.ts",
      "runtime/b.ts",
      "scripts/c.ts",
      "package-lock.json",
      "tsconfig.build.json",
    ]) {
      write(name, "2");
      expect(build("--if-changed"), name).toEqual(["compiled", "agent"]);
    }
    expect(build("--if-changed")).toEqual(["agent"]);
  });

  it("builds again when a file has come or gone, or the program has", () => {
    build();
    write("src/new.ts", "");
    expect(build("--if-changed")).toEqual(["compiled", "agent"]);
    rmSync(join(checkout, "src/new.ts"));
    expect(build("--if-changed")).toEqual(["compiled", "agent"]);
    rmSync(join(checkout, "dist/bin/nmzc.js"));
    expect(build("--if-changed")).toEqual(["compiled", "agent"]);
  });

  it("takes a build that failed for none", () => {
    build();
    write("broken", "");
    expect(build()).toEqual(["failed"]);
    expect(existsSync(join(checkout, "dist/.built"))).toBe(false);
    rmSync(join(checkout, "broken"));
    expect(build("--if-changed")).toEqual(["compiled", "agent"]);
  });
});
