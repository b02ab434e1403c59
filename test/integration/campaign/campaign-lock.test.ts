import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requires } from "../../helpers/requires.js";

requires("built");

const lockModule = resolve("dist/src/cli/campaign/campaign-lock.js");

/** For each line, the folder and when: tries at that time and says how it went; lets go with the next line. */
const contender = `
  import { createInterface } from "node:readline";
  const { lockCampaign } = await import(${JSON.stringify(lockModule)});
  let release;
  console.log("ready");
  for await (const line of createInterface({ input: process.stdin })) {
    const [folder, atMs] = line.split(" ");
    release?.();
    release = undefined;
    if (folder === "") { console.log("free"); continue; }
    while (Date.now() < Number(atMs));
    try { release = lockCampaign(folder); console.log("got"); } catch (error) { console.log(error.code); }
  }`;

let folder = "";
let contenders: Contender[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzt-lock-"));
  contenders = [];
});
afterEach(async () => {
  for (const { child } of contenders) {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
  rmSync(folder, { recursive: true });
});

class Contender {
  readonly child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    this.child = spawn(process.execPath, ["--input-type=module", "-e", contender], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
    contenders.push(this);
  }

  async answer(line?: string): Promise<string> {
    if (line !== undefined) this.child.stdin!.write(`${line}\n`);
    return (await this.#lines.next()).value;
  }
}

describe("lockCampaign", () => {
  it("lets one of several in that find a dead one's lock at the same instant", {
    timeout: 60_000,
  }, async () => {
    const all = [new Contender(), new Contender(), new Contender()];
    await Promise.all(all.map((each) => each.answer()));
    for (let round = 0; round < 100; round++) {
      // Of a process that cannot be: what kill -9 leaves.
      writeFileSync(join(folder, "loop.lock"), "4194305 1\n");
      const atMs = Date.now() + 20;
      const answers = await Promise.all(all.map((each) => each.answer(`${folder} ${atMs}`)));
      expect(answers.sort()).toEqual(["NMZ_CAMPAIGN_BUSY", "NMZ_CAMPAIGN_BUSY", "got"]);
      await Promise.all(all.map((each) => each.answer("")));
      expect(existsSync(join(folder, "loop.lock"))).toBe(false);
    }
  });

  it("is free when its process was killed", async () => {
    const [one, other] = [new Contender(), new Contender()];
    await Promise.all([one.answer(), other.answer()]);
    expect(await one.answer(`${folder} 0`)).toBe("got");
    expect(await other.answer(`${folder} 0`)).toBe("NMZ_CAMPAIGN_BUSY");
    one.child.kill("SIGKILL");
    await once(one.child, "exit");
    expect(await other.answer(`${folder} 0`)).toBe("got");
  });
});
