import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openEngine } from "../../../runtime/engine/index.js";
import { processStartTicks } from "../../../runtime/kernel/index.js";
import { sweepLeftovers } from "../../../src/container/leftovers.js";
import {
  createRunFolder,
  isSupervised,
  Journal,
  listJournals,
  removeRunFolder,
  runtimeFolder,
} from "../../../src/journal/index.js";
import { UndoStack } from "../../../src/util/index.js";
import { requires } from "../../helpers/requires.js";

requires("root", "docker");

const runId = "journal-test";
const file = join(runtimeFolder, `${runId}.json`);

/** Makes the journal look as if its supervisor had been killed. */
function orphan(): void {
  const content = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify({ ...content, startTicks: 1 }));
}

afterEach(async () => {
  if (existsSync(file)) {
    orphan();
    await sweepLeftovers(openEngine);
  }
});

describe("Journal", () => {
  it("stands while a change does, and is gone with the last", async () => {
    const undo = new UndoStack(new Journal(runId, "tuna"));
    const folder = createRunFolder(runId, undo);
    const found = listJournals().find((journal) => journal.file === file);
    expect(found?.content).toMatchObject({
      nmzJournal: 1,
      runId,
      seed: "tuna",
      records: [{ kind: "folder", path: folder }],
    });
    expect(isSupervised(found!.content!)).toBe(true);
    expect(await undo.unwind()).toEqual([]);
    expect(existsSync(file)).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });

  it("lets go a process whose stop it has on record", async () => {
    const child = spawn("sleep", ["100"], { stdio: "ignore" });
    await once(child, "spawn");
    const state = () => readFileSync(`/proc/${child.pid}/stat`, "latin1").split(") ")[1]![0];
    try {
      const pid = child.pid!;
      new Journal(runId, "tuna").add(1, {
        kind: "stopped-process",
        pid,
        startTicks: processStartTicks(pid)!,
      });
      child.kill("SIGSTOP");
      await expect.poll(state).toBe("T");
      orphan();
      await sweepLeftovers(openEngine);
      await expect.poll(state).toBe("S");
    } finally {
      child.kill("SIGKILL");
    }
  });

  it("leaves no draft of a process that was killed while it wrote", async () => {
    const draftOf = (startTicks: number) => `${file}.${process.pid}-${startTicks}.new`;
    const living = draftOf(processStartTicks(process.pid)!);
    writeFileSync(living, "");
    writeFileSync(draftOf(1), "");
    await sweepLeftovers(openEngine);
    expect([existsSync(living), existsSync(draftOf(1))]).toEqual([true, false]);
    rmSync(living);
  });

  it("of a dead supervisor is undone by a sweep; of a living one is left alone", async () => {
    const undo = new UndoStack(new Journal(runId, "tuna"));
    const folder = createRunFolder(runId, undo);
    const mountPoint = join(folder, "volume-0");
    mkdirSync(mountPoint);
    undo.push("mount", () => {}, { kind: "mount", path: mountPoint });
    execFileSync("mount", ["-t", "tmpfs", "nmzc-test", mountPoint]);
    await sweepLeftovers(openEngine);
    expect(existsSync(folder)).toBe(true);
    orphan();
    const sweep = await sweepLeftovers(openEngine);
    expect(sweep.failed).toEqual([]);
    expect(sweep.undone).toEqual([`run ${runId}: mount ${mountPoint}`, `run ${runId}: folder ${folder}`]);
    expect(existsSync(folder)).toBe(false);
    expect(existsSync(file)).toBe(false);
  });

  it("never removes what lies behind a mount that could not be undone", async () => {
    const undo = new UndoStack(new Journal(runId, "tuna"));
    const folder = createRunFolder(runId, undo);
    mkdirSync(join(folder, "volume-0"));
    writeFileSync(join(folder, "volume-0", "precious"), "data");
    expect(() => removeRunFolder(folder)).toThrow(/ENOTEMPTY|not empty/);
    expect(readFileSync(join(folder, "volume-0", "precious"), "utf8")).toBe("data");
    execFileSync("rm", ["-r", join(folder, "volume-0")]);
    await undo.unwind();
  });
});
