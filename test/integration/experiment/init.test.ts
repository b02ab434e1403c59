import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requires } from "../../helpers/requires.js";
import { Workplace } from "./workplace.js";

requires("built");

let place: Workplace;
let config: string;
beforeEach(() => {
  place = new Workplace();
  place.script("run.sh", "true");
  config = place.config(['run = "run.sh"']);
});
afterEach(() => place.remove());

/** Of everything below a folder: its path, and a file's content. */
function tree(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => (lstatSync(path).isFile() ? `${path}: ${readFileSync(path, "utf8")}` : path))
    .sort();
}

describe("nmz init", () => {
  it("places config and materials, and makes the counter", async () => {
    const { exitCode, stdout } = await place.nmz("init", config, place.materials, place.storage);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "ok\n" });
    expect(readdirSync(place.storage).sort()).toEqual(["SearchModeInfo", "config.toml", "materials"]);
    expect(statSync(join(place.storage, "materials", "run.sh")).ino).toBe(
      statSync(join(place.materials, "run.sh")).ino,
    );
  });

  it("takes a config in YAML or JSON, and keeps it as TOML", async () => {
    for (const [name, text] of [
      ["config.yaml", "run: run.sh\nexplorePolicy: random\nexplorePolicyParam: {maxInterval: 5ms}\n"],
      [
        "config.json",
        '{"run": "run.sh", "explorePolicy": "random",\n"explorePolicyParam": {"maxInterval": "5ms"}}',
      ],
    ] as const) {
      writeFileSync(join(place.path, name), text);
      expect((await place.nmz("init", "--force", name, place.materials, place.storage)).exitCode).toBe(0);
      expect(readdirSync(place.storage).sort()).toEqual(["SearchModeInfo", "config.toml", "materials"]);
      expect(readFileSync(join(place.storage, "config.toml"), "utf8")).toBe(
        'run = "run.sh"\nexplorePolicy = "random"\nexplorePolicyParam = { maxInterval = "5ms" }\n',
      );
    }
    expect((await place.nmz("run", place.storage)).exitCode).toBe(0);
  });

  it("tells of a mistake in the config with the file's name and line", async () => {
    for (const [name, text, where] of [
      ["config.toml", 'run = "run.sh"\nrestPort = \n', ":2:12: "],
      ["config.json", '{"run": "run.sh",\n"restPort": "often"}', ":2: restPort: "],
      ["config.yaml", "run: run.sh\nrestPort: 1\nexplorePolicy: nosuch\n", ":3: explorePolicy: "],
    ] as const) {
      writeFileSync(join(place.path, name), text);
      const { exitCode, stderr } = await place.nmz("init", name, place.materials, place.storage);
      expect(exitCode).toBe(1);
      expect(stderr).toContain(join(place.path, name) + where);
      expect(readdirSync(place.storage)).toEqual([]);
    }
  });

  it("copies materials to another file system, modes and all", async () => {
    const elsewhere = mkdtempSync("/dev/shm/nmzt-experiment-");
    try {
      mkdirSync(join(place.materials, "deep"));
      place.script("deep/tool", "true");
      symlinkSync("run.sh", join(place.materials, "alias.sh"));
      const { exitCode } = await place.nmz("init", config, place.materials, elsewhere);
      expect(exitCode).toBe(0);
      expect(statSync(join(elsewhere, "materials", "deep", "tool")).mode & 0o777).toBe(0o755);
      expect(lstatSync(join(elsewhere, "materials", "alias.sh")).isFile()).toBe(true);
      expect((await place.nmz("run", elsewhere)).exitCode).toBe(0);
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it("takes a storage that lies in the materials, and links to folders above", async () => {
    symlinkSync("..", join(place.materials, "up"));
    const storage = join(place.materials, "storage");
    expect((await place.nmz("init", config, place.materials, storage)).exitCode).toBe(0);
    expect(readdirSync(join(storage, "materials")).sort()).toEqual(["run.sh", "up"]);
  });

  it("empties a storage with --force, through a symbolic link too, which stays one", async () => {
    await place.nmz("init", config, place.materials, place.storage);
    await place.nmz("run", place.storage);
    symlinkSync(place.storage, join(place.path, "link"));
    const refused = await place.nmz("init", config, place.materials, "link");
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("is not empty");
    expect((await place.nmz("init", "-force", config, place.materials, "link")).exitCode).toBe(0);
    expect(lstatSync(join(place.path, "link")).isSymbolicLink()).toBe(true);
    expect(readdirSync(place.storage).sort()).toEqual(["SearchModeInfo", "config.toml", "materials"]);
  });

  it("removes nothing from a folder that it did not make", async () => {
    mkdirSync(join(place.path, "home"));
    writeFileSync(join(place.path, "home", "thesis"), "years of work");
    writeFileSync(join(place.path, "home", "config.toml"), "");
    const before = tree(place.path);
    for (const folder of ["home", ".", "..", "/", "/tmp", place.materials]) {
      const { exitCode, stderr } = await place.nmz("init", "--force", config, place.materials, folder);
      expect({ folder, exitCode, stderr }).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining("is none"),
      });
    }
    expect(tree(place.path)).toEqual(before);
  });

  it("does not remove its own input", async () => {
    await place.nmz("init", config, place.materials, place.storage);
    const before = tree(place.storage);
    const words = [
      "init",
      "--force",
      join(place.storage, "config.toml"),
      join(place.storage, "materials"),
      "storage",
    ];
    const { exitCode, stderr } = await place.nmz(...words);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("would go with it");
    expect(tree(place.storage)).toEqual(before);
  });

  it("leaves an empty folder where the config is wrong", async () => {
    const wrong = place.config(['run = "run.sh"', 'explorePolicy = "nosuch"']);
    const { exitCode, stderr } = await place.nmz("init", wrong, place.materials, place.storage);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(wrong);
    expect(readdirSync(place.storage)).toEqual([]);
  });

  it("tells of scripts that nmz run could not start, when init has run", async () => {
    place.script("init.sh", "cp $NMZ_MATERIALS_DIR/run.sh $NMZ_MATERIALS_DIR/validate.sh");
    const names = ["init", "run", "validate", "clean"].map((name) => `${name} = "${name}.sh arguments"`);
    const { exitCode, stderr } = await place.nmz("init", place.config(names), place.materials, place.storage);
    const clean = join(place.storage, "materials", "clean.sh");
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: `nmz: nmz run could not start the clean script: there is no "${clean}"\n`,
    });
  });

  it("keeps a storage whose init script failed, and runs nothing in it", async () => {
    place.script("init.sh", 'echo "$NMZ_MATERIALS_DIR:$NMZ_WORKING_DIR" > $NMZ_MATERIALS_DIR/seen', "exit 9");
    const failing = place.config(['init = "init.sh"', 'run = "run.sh"']);
    const { exitCode, stderr } = await place.nmz("init", failing, place.materials, place.storage);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("exit status 9");
    const materials = join(place.storage, "materials");
    expect(readFileSync(join(materials, "seen"), "utf8")).toBe(`${materials}:\n`);
    expect((await place.nmz("run", place.storage)).exitCode).toBe(125);
    expect(existsSync(join(place.storage, "00000000"))).toBe(false);
    const mended = place.config(['run = "run.sh"']);
    expect((await place.nmz("init", "--force", mended, place.materials, place.storage)).exitCode).toBe(0);
  });
});
