import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requires } from "../../helpers/requires.js";
import { freePort, Workplace } from "./workplace.js";

requires("built", "curl");

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => place.remove());

describe("examples/experiment", () => {
  it("runs, and a run fails if and only if an update was lost", async () => {
    cpSync("examples/experiment", place.path, { recursive: true });
    const port = String(await freePort());
    for (const file of ["config.toml", "materials/ask.sh"]) {
      const path = join(place.path, file);
      writeFileSync(path, readFileSync(path, "utf8").replaceAll("10080", port));
    }
    // What clean removes is what is looked at here.
    place.script("clean.sh", 'mv "$NMZ_WORKING_DIR/counter" "$NMZ_WORKING_DIR/counted"');
    expect((await place.nmz("init", "config.toml", "materials", "storage")).exitCode).toBe(0);
    for (const run of ["00000000", "00000001", "00000002"]) {
      const { exitCode } = await place.nmz("run", "storage");
      const counted = readFileSync(join(place.storage, run, "counted"), "utf8");
      expect(exitCode).toBe(counted === "2\n" ? 0 : 1);
      const actions = readFileSync(join(place.storage, run, "trace.jsonl"), "utf8").match(
        /EventAcceptanceAction/g,
      );
      expect(actions).toHaveLength(4);
    }
    expect((await place.nmz("summary", "storage")).stdout).toMatch(/^runs {10}3\n/);
  });
});
