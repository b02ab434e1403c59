import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRunFolder, Journal, runtimeFolder } from "../../../src/journal/index.js";
import { OutFolder } from "../../../src/record/index.js";
import { UndoStack } from "../../../src/util/index.js";
import { requires } from "../../helpers/requires.js";

requires("root", "built");

/** Another user of this machine. */
const somebody = 65534;
let place: string;

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "nmzt-users-"));
  chmodSync(place, 0o755);
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

const asSomebody = (...words: string[]) =>
  spawnSync(words[0]!, words.slice(1), { uid: somebody, gid: somebody, encoding: "utf8" });

describe("Another user of the machine", () => {
  it("does not come into a run's folder, where the volumes are mounted", async () => {
    const undo = new UndoStack();
    const folder = createRunFolder(`test-${process.pid}`, undo);
    try {
      mkdirSync(join(folder, "volume-0"));
      writeFileSync(join(folder, "volume-0/word"), "private");
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      const { status, stdout } = asSomebody("cat", join(folder, "volume-0/word"));
      expect(stdout).toBe("");
      expect(status).not.toBe(0);
    } finally {
      rmSync(join(folder, "volume-0"), { recursive: true });
      await undo.unwind(1000);
    }
    expect(existsSync(folder)).toBe(false);
  });

  it("does not read a journal", () => {
    const runId = `test-${process.pid}`;
    const journal = new Journal(runId, "seed", "standalone");
    journal.add(0, { kind: "folder", path: "/nowhere" });
    try {
      expect(statSync(join(runtimeFolder, `${runId}.json`)).mode & 0o777).toBe(0o600);
    } finally {
      journal.remove(0);
    }
  });

  it("cannot have root undo what it never did: a journal of theirs is told of, and left", () => {
    const victim = join(place, "victim");
    writeFileSync(victim, "as it was");
    const content = {
      ...{ nmzJournal: 1, runId: "planted", seed: "x", pid: 2 ** 22 - 1, startTicks: 1, maker: "standalone" },
      records: [{ kind: "file-value", path: victim, value: "overwritten by root" }],
    };
    const journal = join(place, "planted.json");
    writeFileSync(journal, JSON.stringify(content), { mode: 0o600 });
    // In a folder of runs of its own, so that no other nmzc on the machine meets it.
    const prune = (owner: number) =>
      spawnSync("unshare", [
        ...["--mount", "sh", "-e", "-c"],
        `mkdir -p ${runtimeFolder}; mount -t tmpfs -o mode=711 none ${runtimeFolder}
        cp "$1" ${runtimeFolder}/planted.json; chown "$2" ${runtimeFolder}/planted.json
        status=0; "$3" dist/bin/nmzc.js prune || status=$?; ls ${runtimeFolder}; exit $status`,
        ...["sh", journal, String(owner), process.execPath],
      ]);
    const refused = prune(somebody);
    expect(readFileSync(victim, "utf8")).toBe("as it was");
    expect(refused.stderr.toString()).toContain(`${runtimeFolder}/planted.json`);
    expect(refused.stdout.toString()).toContain("planted.json");
    // The very same journal of root's own is carried out.
    prune(0);
    expect(readFileSync(victim, "utf8")).toBe("overwritten by root");
  });

  it("cannot lead --nmz-out elsewhere by a link in a folder where everybody may write", () => {
    const shared = join(place, "shared");
    const target = join(place, "of-root");
    mkdirSync(shared);
    mkdirSync(target);
    chmodSync(shared, 0o1777);
    symlinkSync(target, join(shared, "out"));
    lchownSync(join(shared, "out"), somebody, somebody);
    expect(() => new OutFolder(join(shared, "out"), "run")).toThrow(/another user|EACCES|EEXIST/);
    expect(readdirSync(target)).toEqual([]);
  });

  it("sees no token in the list of processes", async () => {
    const words = [
      "inspectors",
      "proc",
      "--token",
      "nmzt-secret",
      "--",
      "sh",
      "-c",
      "cat /proc/$PPID/cmdline; env",
    ];
    const env = { ...process.env, NMZ_TOKEN: "nmzt-secret" };
    const out = execFileSync(process.execPath, ["dist/bin/nmz.js", ...words], {
      encoding: "utf8",
      env,
      stdio: "pipe",
    });
    expect(out).toContain("--token ***");
    expect(out).toContain("PATH=");
    expect(out).not.toContain("nmzt-secret");
  });
});
