import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { collectFromLayer } from "../../../../src/cli/campaign/layer-results.js";

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "nmzc-layer-"));
  mkdirSync(join(place, "own/app"), { recursive: true });
});
afterEach(() => rmSync(place, { recursive: true }));

function write(path: string, content = "<testsuite/>", seconds?: number): void {
  const file = join(place, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  if (seconds !== undefined) utimesSync(file, seconds, seconds);
}

async function collect(workdir = "/app") {
  const warnings: string[] = [];
  const layers = { own: join(place, "own"), below: [join(place, "top"), join(place, "bottom")] };
  await collectFromLayer(layers, workdir, join(place, "out"), (text) => warnings.push(text));
  let files: string[] = [];
  try {
    files = readdirSync(join(place, "out")).sort();
  } catch {}
  return { files, warnings };
}

describe("collectFromLayer", () => {
  it("takes what the container has written in the usual places below its working directory", async () => {
    write("own/app/target/surefire-reports/TEST-a.xml", "<a/>");
    write("own/app/other/surefire-reports/TEST-a.xml");
    write("own/app/target/notes.xml");
    write("own/elsewhere/junit.xml");
    expect(await collect()).toEqual({ files: ["2-TEST-a.xml", "TEST-a.xml"], warnings: [] });
    expect(readFileSync(join(place, "out/2-TEST-a.xml"), "utf8")).toBe("<a/>");
  });

  it("leaves what is as the topmost layer of the image has it", async () => {
    write("top/app/junit.xml", "same", 1_600_000_000);
    write("own/app/junit.xml", "same", 1_600_000_000);
    write("bottom/app/report.xml", "same", 1_600_000_000);
    write("own/app/report.xml", "same", 1_600_000_000);
    write("top/app/results.xml", "same", 1_600_000_000);
    write("own/app/results.xml", "same", 1_700_000_000);
    expect((await collect()).files).toEqual(["results.xml"]);
  });

  it("follows no link that the container has made", async () => {
    write("secret/junit.xml", "secret");
    symlinkSync(join(place, "secret/junit.xml"), join(place, "own/app/junit.xml"));
    symlinkSync(join(place, "secret"), join(place, "own/app/test-reports"));
    symlinkSync(join(place, "secret"), join(place, "own/linked"));
    expect((await collect()).files).toEqual([]);
    expect((await collect("/linked")).files).toEqual([]);
    expect((await collect("/linked/..")).files).toEqual([]);
  });

  it("leaves out what is too large, and says so", async () => {
    for (const name of ["a", "b", "c", "d", "e"]) {
      write(`own/app/${name}.tap`);
      truncateSync(join(place, `own/app/${name}.tap`), 60 << 20);
    }
    write("own/app/junit.xml");
    truncateSync(join(place, "own/app/junit.xml"), 65 << 20);
    const { files, warnings } = await collect();
    expect(files).toEqual(["a.tap", "b.tap", "c.tap", "d.tap"]);
    expect(warnings).toEqual([
      expect.stringContaining("e.tap is not kept: the run's result files are larger than 256 MiB together"),
      expect.stringContaining("junit.xml is not kept: it is larger than 64 MiB"),
    ]);
  });

  it("says nothing where the engine's folders are not of this machine", async () => {
    rmSync(join(place, "own"), { recursive: true });
    expect(await collect()).toEqual({ files: [], warnings: [] });
  });
});
