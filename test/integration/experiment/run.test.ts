import { once } from "node:events";
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeSearchModeInfo, goJson } from "../../../src/experiment/storage/index.js";
import { requires } from "../../helpers/requires.js";
import { startNmzc } from "../../helpers/run-nmzc.js";
import { freePort, Workplace } from "./workplace.js";

requires("built", "curl");

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => place.remove());

function inRun(number: number, ...path: readonly string[]): string {
  return join(place.storage, number.toString(16).padStart(8, "0"), ...path);
}

function text(number: number, ...path: readonly string[]): string {
  return readFileSync(inRun(number, ...path), "utf8");
}

const asksForAnAction = [
  'event="{\\"class\\":\\"PacketEvent\\",\\"deferred\\":true,\\"entity\\":\\"e\\",\\"extra\\":[1,\\"<\\"],\\"option\\":{\\"dst_entity\\":\\"b\\",\\"message\\":{},\\"src_entity\\":\\"a\\"},\\"replay_hint\\":\\"h\\",\\"type\\":\\"event\\",\\"uuid\\":\\"u-1\\"}"',
  'curl -sf -d "$event" $API/events/e/u-1',
  "curl -sf $API/actions/e > $NMZ_WORKING_DIR/action",
  'curl -sf -X DELETE $API/actions/e/$(sed \'s/.*"uuid":"\\([^"]*\\)".*/\\1/\' $NMZ_WORKING_DIR/action)',
].join("\n");

describe("nmz run", () => {
  it("runs the scripts with their environment, under an orchestrator, and leaves what Namazu leaves", async () => {
    const port = await freePort();
    const run = `API=http://127.0.0.1:${port}/api/v3\n${asksForAnAction}\necho "$NMZ_MATERIALS_DIR $NMZ_WORKING_DIR $PWD" > $NMZ_WORKING_DIR/where`;
    await place.init(
      { run, validate: "touch $NMZ_WORKING_DIR/validated", clean: "touch $NMZ_WORKING_DIR/cleaned" },
      [`restPort = ${port}`, 'explorePolicy = "dumb"'],
    );
    const { exitCode, stderr, stdout } = await place.nmz("run", "storage");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const materials = join(place.storage, "materials");
    expect(text(0, "where")).toBe(`${materials} ${inRun(0)} ${place.path}\n`);
    expect(existsSync(inRun(0, "validated"))).toBe(true);
    expect(existsSync(inRun(0, "cleaned"))).toBe(true);
    const time = /"required_time": (\d+),/.exec(text(0, "result.json"))![1];
    expect(text(0, "result.json")).toBe(
      `{\n\t"successful": true,\n\t"required_time": ${time},\n\t"metadata": {}\n}`,
    );
    expect(readdirSync(inRun(0, "actions")).sort()).toEqual(["0.action.json", "0.event.json"]);
    expect(text(0, "actions", "0.action.json")).toBe(goJson(JSON.parse(text(0, "action"))));
    expect(text(0, "actions", "0.event.json")).toContain('"extra": [\n\t\t1,\n\t\t"\\u003c"\n\t],');
    expect(readFileSync(join(place.storage, "SearchModeInfo"))).toEqual(encodeSearchModeInfo(1));
    const line = /^\[NMZ-(DBG|INF|WRN|ERR|CRT)\] \d\d:\d\d:\d\d\.\d\d: .* \(at [^ :]+:\d+\) $/;
    const log = text(0, "nmz.log").split("\n").slice(0, -1);
    expect(log.filter((each) => !line.test(each))).toEqual([]);
    expect(log.length).toBeGreaterThan(8);
    expect(stdout).toContain(`${log[0]}\n`);
    expect(text(0, "trace.jsonl")).toContain('"action":"EventAcceptanceAction"');
  });

  it("gives a ShellAction the scripts' environment", async () => {
    const untilThere = 'while ! [ -s "$NMZ_WORKING_DIR/shell" ]; do sleep 0.02; done';
    await place.init({ run: untilThere }, [
      "[explorePolicyParam]",
      'shellActionInterval = "20ms"',
      `shellActionCommand = "echo $NMZ_MATERIALS_DIR >> $NMZ_WORKING_DIR/shell"`,
    ]);
    expect((await place.nmz("run", place.storage)).exitCode).toBe(0);
    expect(text(0, "shell").split("\n")[0]).toBe(join(place.storage, "materials"));
    expect(JSON.parse(text(0, "actions", "0.action.json")).class).toBe("ShellAction");
    expect(existsSync(inRun(0, "actions", "0.event.json"))).toBe(false);
  });

  it("says by its exit code how validation ended, and cleans", async () => {
    await place.init({ run: "true", validate: "exit 7", clean: "touch $NMZ_WORKING_DIR/cleaned" });
    const { exitCode, stdout } = await place.nmz("run", place.storage);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("Validation failed: exit status 7");
    expect(JSON.parse(text(0, "result.json")).successful).toBe(false);
    expect(existsSync(inRun(0, "cleaned"))).toBe(true);
    expect(JSON.parse(text(0, "run.json"))).toMatchObject({ exitCode: 1, scripts: { run: 0, validate: 7 } });
  });

  it("leaves things as they are after a failure where the config asks for it", async () => {
    await place.init({ run: "true", validate: "false", clean: "touch $NMZ_WORKING_DIR/cleaned" }, [
      'notCleanIfValidationFail = "true"',
    ]);
    expect((await place.nmz("run", place.storage)).exitCode).toBe(1);
    expect(existsSync(inRun(0, "cleaned"))).toBe(false);
  });

  it("records a run script that fails as a failed experiment", async () => {
    await place.init({
      run: "exit 4",
      validate: "touch $NMZ_WORKING_DIR/validated",
      clean: "touch $NMZ_WORKING_DIR/cleaned",
    });
    expect((await place.nmz("run", place.storage)).exitCode).toBe(1);
    expect(JSON.parse(text(0, "result.json"))).toMatchObject({
      successful: false,
      metadata: { failed_script: "run", exit_code: 4 },
    });
    expect(existsSync(inRun(0, "validated"))).toBe(false);
    expect(existsSync(inRun(0, "cleaned"))).toBe(true);
  });

  it("takes a script that cannot be started for a mistake, and for no failure of the experiment", async () => {
    await place.init({ run: "touch $NMZ_WORKING_DIR/ran", clean: "touch $NMZ_WORKING_DIR/cleaned" }, [
      'validate = "nosuch.sh --all"',
    ]);
    const unvalidated = await place.nmz("run", place.storage);
    expect(unvalidated.exitCode).toBe(125);
    expect(unvalidated.stderr).toContain(
      `cannot start the validate script: there is no "${join(place.storage, "materials", "nosuch.sh")}"`,
    );
    expect(JSON.parse(text(0, "state.json"))).toMatchObject({ state: "failed" });
    expect(existsSync(inRun(0, "result.json"))).toBe(false);
    expect(existsSync(inRun(0, "cleaned"))).toBe(true);

    chmodSync(join(place.storage, "materials", "run.sh"), 0o644);
    const unstarted = await place.nmz("run", place.storage);
    expect(unstarted.exitCode).toBe(125);
    expect(unstarted.stderr).toContain("is not executable");
    expect(existsSync(inRun(1))).toBe(false);
    expect((await place.nmz("summary", place.storage)).stdout).toMatch(/^runs {10}0 /);
  });

  it("validates by a script that the run has made", async () => {
    const made = "$NMZ_MATERIALS_DIR/made.sh";
    await place.init({ run: `printf '#!/bin/sh\\nexit 3\\n' > ${made}; chmod +x ${made}` }, [
      'validate = "made.sh"',
    ]);
    expect((await place.nmz("run", place.storage)).exitCode).toBe(1);
    expect(text(0, "result.json")).toContain('"successful": false');
  });

  it("tells of a clean script that fails with a code of its own; the run is recorded", async () => {
    await place.init({ run: "true", clean: "exit 3" });
    const { exitCode, stderr } = await place.nmz("run", place.storage);
    expect(exitCode).toBe(125);
    expect(stderr).toContain("failed to execute clean script: exit status 3");
    expect(JSON.parse(text(0, "result.json")).successful).toBe(true);
  });

  it("marks a run that a signal interrupts, and cleans after it", async () => {
    await place.init({ run: "echo begun\nexec sleep 100", clean: "touch $NMZ_WORKING_DIR/cleaned" });
    const started = place.start("run", place.storage);
    await started.stdoutHas("begun");
    started.process.kill("SIGINT");
    // A shell says 130 for it, and ends the loop it is in.
    expect((await started.finished).signal).toBe("SIGINT");
    expect(existsSync(inRun(0, "result.json"))).toBe(false);
    expect(existsSync(inRun(0, "cleaned"))).toBe(true);
    expect(JSON.parse(text(0, "state.json"))).toMatchObject({ state: "interrupted", why: "SIGINT" });
    expect((await place.nmz("summary", place.storage)).stdout).toContain(
      "runs          0 (and 1 without a result)",
    );
  });

  it("waits for a script that tidies up at a signal to the whole group", async () => {
    await place.init({
      run: `trap 'sleep 0.3; touch $NMZ_WORKING_DIR/tidied; exit 1' TERM\necho begun\nwhile :; do sleep 0.1; done`,
      clean: '[ -e "$NMZ_WORKING_DIR/tidied" ] && touch $NMZ_WORKING_DIR/cleaned',
    });
    const run = startNmzc(["run", "storage"], { command: "nmz", cwd: place.path, leadsSession: true });
    await run.stdoutHas("begun");
    process.kill(-run.process.pid!, "SIGTERM");
    expect((await run.finished).exitCode).toBe(143);
    expect(existsSync(inRun(0, "cleaned"))).toBe(true);
  });

  it("knows a run that was killed from one that is under way, and goes on behind it", async () => {
    await place.init({
      run: '[ -e "$NMZ_MATERIALS_DIR/../quick" ] && exit\necho $$ > $NMZ_WORKING_DIR/pid\necho begun\nexec sleep 100',
    });
    const started = place.start("run", place.storage);
    await started.stdoutHas("begun");
    expect((await place.nmz("summary", place.storage)).stdout).toContain("runs          0 (and 1 under way)");
    started.process.kill("SIGKILL");
    await once(started.process, "exit"); // the script has its pipes
    process.kill(Number(text(0, "pid")), "SIGKILL");
    await started.finished;
    expect((await place.nmz("summary", place.storage)).stdout).toContain(
      "runs          0 (and 1 without a result)",
    );
    writeFileSync(join(place.storage, "quick"), "");
    expect((await place.nmz("run", place.storage)).exitCode).toBe(0);
    expect(existsSync(inRun(1, "result.json"))).toBe(true);
  });

  it("makes several runs at once in one storage", async () => {
    await place.init({ run: "true" });
    const ended = await Promise.all([1, 2, 3, 4].map(() => place.nmz("run", place.storage)));
    expect(ended.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual(
      ended.map(() => ({ exitCode: 0, stderr: "" })),
    );
    expect((await place.nmz("summary", place.storage)).stdout).toMatch(/^runs {10}4\n/);
    expect(readFileSync(join(place.storage, "SearchModeInfo"))).toEqual(encodeSearchModeInfo(4));
  });

  it("tells of a port that is taken, and the run counts nowhere", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    await place.init({ run: "touch $NMZ_WORKING_DIR/ran" }, [`restPort = ${port}`]);
    const { exitCode, stderr } = await place.nmz("run", place.storage);
    server.close();
    expect(exitCode).toBe(125);
    expect(stderr).toContain(String(port));
    expect(stderr).toContain(`another restPort in ${join(place.storage, "config.toml")}`);
    expect(existsSync(inRun(0, "ran"))).toBe(false);
    expect(JSON.parse(text(0, "state.json"))).toMatchObject({ state: "failed" });
    expect((await place.nmz("summary", place.storage)).stdout).toMatch(
      /^runs {10}0 \(and 1 without a result\)\n/,
    );
  });
});
