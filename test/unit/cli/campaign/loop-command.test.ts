import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ChildEnd, ChildRequest } from "../../../../src/cli/campaign/child-run.js";
import type { LoopServices } from "../../../../src/cli/campaign/loop-services.js";
import { runCli } from "../fake-context.js";

let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "loop-"));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const passed: ChildEnd = { kind: "ended", exitCode: 0, durationMs: 5, isOutputWhole: true, wasKilled: false };

/** Runs `nmzc loop …` with runs that are not made; what they would have been made with. */
async function loop(
  words: readonly string[],
  end: (run: number, request: ChildRequest) => Partial<ChildEnd> = () => ({}),
  env = {},
) {
  const requests: ChildRequest[] = [];
  let isLocked = false;
  const services: LoopServices = {
    async makeChildRun(request) {
      requests.push(request);
      writeFileSync(request.outputFile, "what it said\n");
      return { ...passed, ...end(requests.length - 1, request) } as ChildEnd;
    },
    prepareImage: async () => ({
      engine: "Docker Engine 20",
      imageId: "sha256:1",
      workingDir: "/",
      volumes: [],
    }),
    loadAutopilot: async (file) => ({ file: file ?? "default" }),
    lockCampaign() {
      isLocked = true;
      return () => {
        isLocked = false;
      };
    },
    untilEngine: async () => {},
    untilOrphansEnd: async () => {},
  };
  const finished = await runCli(words, { cwd, env, services: { loopServices: async () => services } });
  expect(isLocked).toBe(false);
  return { ...finished, requests };
}

function campaign(folder = "c") {
  return JSON.parse(readFileSync(join(cwd, folder, "campaign.json"), "utf8"));
}

describe("nmzc loop", () => {
  it("makes each run with the flags as they were typed, and its own seed and folder", async () => {
    const words = ["-n2", "--out=c", "--seed", "s", "--cpus=1", "-e", "A=1 2", "img", "make", "-j4", "test"];
    const { exitCode, requests } = await loop(["nmzc", "loop", ...words]);
    expect(exitCode).toBe(0);
    expect(requests[1]?.words).toEqual([
      ...["run", "--cpus=1", "--env=A=1 2", "--rm", "--pull=never"],
      expect.stringMatching(/^--nmz-seed=[\da-f]{16}$/),
      `--nmz-out=${cwd}/c/runs/000001`,
      ...["--", "img", "make", "-j4", "test"],
    ]);
    expect(campaign()).toMatchObject({
      ...{
        kind: "container",
        runArguments: ["--cpus=1", "--env=A=1 2", "img", "make", "-j4", "test"],
        seed: "s",
      },
      ...{ test: "img make -j4 test", stop: { runs: 2 }, autopilot: { file: "default" } },
      environment: { image: "img", imageDigest: "sha256:1" },
    });
  });

  it("leaves everything alone in a plain run, agents in JVMs too", async () => {
    const words = ["-n1", "--baseline", "--out=c", "--nmz-java", "functions=A#b", "img"];
    const { requests } = await loop(["nmz", "container", "loop", ...words]);
    const plain = requests.find(({ words: each }) => each.includes("--nmz-disable=ethernet,fs,proc"));
    const fuzzed = requests.find((each) => each !== plain);
    expect(plain?.words.slice(0, 3)).toEqual(["container", "run", "--rm"]);
    expect(fuzzed?.words).toContain("--nmz-java=functions=A#b");
    expect(plain?.words).not.toContain("--nmz-java=functions=A#b");
  });

  it("repeats what the campaign was asked for with --resume, where it was asked", async () => {
    const first = await loop([
      "nmzc",
      "loop",
      "-n1",
      "--out=c",
      "--timeout",
      "5m",
      "-v",
      "./x:/x",
      "img",
      "a b",
    ]);
    const again = await loop(["nmzc", "loop", "--resume", "c", "-n", "2"]);
    const stable = ({ requests: [request] }: typeof first) => ({
      ...request,
      ...{ words: request?.words.filter((word) => !word.startsWith("--nmz-")), outputFile: "", logFile: "" },
      ...{ onWarning: undefined, options: { ...request?.options, results: undefined } },
    });
    expect(again.requests).toHaveLength(1);
    expect(stable(again)).toEqual(stable(first));
  });

  it("takes another --keep and --jobs with --resume, and refuses what those runs cannot do at once", async () => {
    await loop(["nmzc", "loop", "-n1", "--out=c", "--name", "web", "img"]);
    const atOnce = await loop(["nmzc", "loop", "--resume", "c", "-n4", "-j2"]);
    expect(atOnce.stderr).toContain("--name web is not possible with --jobs 2");
    expect(atOnce.requests).toEqual([]);
    const copied = await loop(["nmzc", "loop", "--resume", "c", "--copy-volumes"]);
    expect(copied.stderr).toContain("repeats what its campaign was asked for");
    await loop(["nmzc", "loop", "--resume", "c", "-n2", "--keep", "failed"]);
    expect([0, 1].map((run) => existsSync(join(cwd, `c/runs/00000${run}`)))).toEqual([true, false]);
  });

  it("refuses to go on with another image under the name of the one before", async () => {
    await loop(["nmzc", "loop", "-n1", "--out=c", "img"]);
    const file = campaign();
    file.environment.imageDigest = "sha256:0";
    writeFileSync(join(cwd, "c/campaign.json"), JSON.stringify(file));
    const { stderr, requests } = await loop(["nmzc", "loop", "--resume", "c", "-n2"]);
    expect(stderr).toContain("img is another image now: sha256:1");
    expect(requests).toEqual([]);
  });

  it.each([
    [["-it", "img"], "the runs of a campaign have no"],
    [["-d", "img"], "the loop waits for its runs"],
    [["--nmz-seed", "x", "img"], "each run has a seed of its own"],
    [["--nmz-out", "x", "img"], "--out"],
    [["--cidfile", "x", "img"], "a container of its own"],
    [["-j2", "--name", "web", "img"], "--name web is not possible with --jobs 2"],
    [["-j2", "-p", "80:80", "img"], "with a port of the host is not possible"],
    [["-j2", "--network", "n", "--ip", "10.0.0.9", "img"], "an address of its own is not possible"],
    [["--results", "/**/*.xml", "img"], "the whole container would have to be read"],
    [["--resume", "c", "img"], "repeats what its campaign was asked for"],
    [["--until-interval", "70%", "img"], "write a percentage"],
    [["--for", "0s", "img"], "must be more than 0"],
    [["--for", "900h", "img"], "longer than 24 days"],
  ])("refuses %j, with the reason", async (words, reason) => {
    const { exitCode, stderr, requests } = await loop(["nmzc", "loop", ...words]);
    expect(stderr).toContain(reason);
    expect(exitCode).not.toBe(0);
    expect(requests).toEqual([]);
    expect(existsSync(join(cwd, "nmz-loop"))).toBe(false);
  });

  it("takes ports that the engine picks, and a name for one run at a time", async () => {
    expect((await loop(["nmzc", "loop", "-n1", "-j2", "--out=c", "-p", "80", "img"])).exitCode).toBe(0);
    expect((await loop(["nmzc", "loop", "-n1", "--out=d", "--name", "web", "img"])).exitCode).toBe(0);
  });

  it("warns before two runs write to one folder", async () => {
    const words = ["nmzc", "loop", "-n1", "-j2", "-v", `${cwd}:/src`];
    expect((await loop([...words, "--out=c", "img"])).stderr).toContain(
      "--copy-volumes gives each run its own",
    );
    expect((await loop([...words.slice(0, -1), `${cwd}:/src:ro`, "--out=d", "img"])).stderr).not.toContain(
      "disturb",
    );
  });

  it("tells what failed, how often, and what repeats it", async () => {
    const { exitCode, stdout, stderr } = await loop(["nmzc", "loop", "-n4", "--out=c", "img"], (run) => ({
      exitCode: run === 2 ? 3 : 0,
    }));
    expect(exitCode).toBe(1);
    expect(stdout).toContain("1 of 4 runs failed: 25% (95% interval 0.63% to 81%)\n");
    expect(stdout).toContain("repeat run 2: nmzc replay c/runs/000002\n");
    expect(stderr).toMatch(
      /run 2 failed after 0.0s \(exit 3, seed [\da-f]{16}\): exit code 3: what it said \[new\]\n/,
    );
  });

  describe("--fail-on", () => {
    const exits = (...codes: number[]) => ({ exitCode: codes[0] ?? 0 });
    const failing = (run: number) => exits(run === 1 ? 3 : 0);

    it("new fails for what no earlier campaign had, and leaves what the next one is told", async () => {
      const words = ["nmzc", "loop", "-n2", "--fail-on", "new", "--known", "known.json"];
      const first = await loop([...words, "--out=a/c", "img:1"], failing);
      expect(first.stderr).toContain("nothing is known yet: there is no known.json");
      expect(first.exitCode).toBe(1);
      expect(first.stderr).toMatch(/run 1 failed .* \[new\]\n/);
      const id = /exit 1 \(--fail-on new\): 1 of 1 kind of failure is new: ([\da-f]{12})\n/.exec(
        first.stdout,
      )?.[1];
      expect(JSON.parse(readFileSync(join(cwd, "a/c/known.json"), "utf8")).failures).toMatchObject([{ id }]);
      // Another tag of the image, another place: carried by the file alone.
      copyFileSync(join(cwd, "a/c/known.json"), join(cwd, "known.json"));
      const second = await loop([...words, "--out=b/c", "img:2"], failing);
      expect(second.exitCode).toBe(0);
      expect(second.stderr).toMatch(/run 1 failed .* \[known\]\n/);
      expect(second.stdout).toContain("exit 0 (--fail-on new): 1 kind of failure, each seen before\n");
      expect(second.stdout).toContain(`${id}: the same failure as in ${campaign("a/c").id}\n`);
      const third = await loop([...words, "--out=d/c", "img:3"], () => exits(4));
      expect(third.exitCode).toBe(1);
      expect(JSON.parse(readFileSync(join(cwd, "d/c/known.json"), "utf8")).failures).toHaveLength(2);
    });

    it("new knows campaigns of the same test beside this one", async () => {
      await loop(["nmzc", "loop", "-n2", "--out=all/a", "img"], failing);
      const again = ["nmzc", "loop", "-n2", "--fail-on=new"];
      expect((await loop([...again, "--out=all/b", "img"], failing)).exitCode).toBe(0);
      expect((await loop([...again, "--out=all/c", "other"], failing)).exitCode).toBe(1);
      // A file says what counts, whatever lies around.
      expect((await loop([...again, "--out=all/d", "--known=k", "img"], failing)).exitCode).toBe(1);
    });

    it("never and a rate let failures pass", async () => {
      const words = ["nmzc", "loop", "-n2"];
      const end = (how: string) => loop([...words, `--out=${how}`, "--fail-on", how, "img"], failing);
      expect([(await end("never")).exitCode, (await end("rate>1%")).exitCode]).toEqual([0, 1]);
      expect((await end("rate>2%")).exitCode).toBe(0);
      expect(campaign("rate>2%").failOn).toBe("rate>2%");
    });

    it("is kept for --resume, which can be given another", async () => {
      await loop(["nmzc", "loop", "-n1", "--out=c", "--fail-on", "never", "img"], () => exits(3));
      const resume = ["nmzc", "loop", "--resume", "c"];
      expect((await loop([...resume, "-n2"], () => exits(3))).exitCode).toBe(0);
      expect((await loop([...resume, "-n3", "--fail-on", "any"], () => exits(3))).exitCode).toBe(1);
      expect(JSON.parse(readFileSync(join(cwd, "c/outcome.json"), "utf8"))).toMatchObject({
        ...{ nmzOutcome: 1, failOn: "any", exitCode: 1, reason: "3 of 3 runs failed" },
      });
    });

    it("changes nothing for runs that cannot be made, and makes nothing known then", async () => {
      const error = Object.assign(new Error("no such image: img"), { code: "NMZ_IMAGE_MISSING" });
      const end = (run: number) =>
        (run === 0 ? exits(3) : { kind: "failed", error, isEngineGone: false }) as Partial<ChildEnd>;
      const words = ["nmzc", "loop", "--out=c", "--fail-on", "never", "img"];
      expect((await loop(words, end)).exitCode).toBe(125);
      expect(JSON.parse(readFileSync(join(cwd, "c/outcome.json"), "utf8"))).toMatchObject({
        ...{ exitCode: 125, reason: "no further run could be made" },
      });
      expect(existsSync(join(cwd, "c/known.json"))).toBe(false);
    });

    it("refuses a damaged --known before anything is made", async () => {
      writeFileSync(join(cwd, "known.json"), "{");
      const { exitCode, stderr, requests } = await loop([
        "nmzc",
        "loop",
        "--out=c",
        "--known=known.json",
        "img",
      ]);
      expect([exitCode, requests.length, existsSync(join(cwd, "c"))]).toEqual([125, 0, false]);
      expect(stderr).toContain("hint: give known.json of a campaign's folder");
    });
  });

  it("names no command for the plain runs that failed: what it names shakes", async () => {
    const words = ["nmzc", "loop", "-n2", "--baseline", "--out=c", "img"];
    const onlyPlain = (_run: number, { words }: ChildRequest) => ({
      exitCode: words.includes("--nmz-disable=ethernet,fs,proc") ? 3 : 0,
    });
    expect((await loop(words, onlyPlain)).stdout).not.toContain("repeat run");
  });

  it("ends with the error of runs that cannot be made, and with no result", async () => {
    const error = Object.assign(new Error("no such image: img"), { code: "NMZ_IMAGE_MISSING" });
    const end = () => ({ kind: "failed", error, isEngineGone: false }) as Partial<ChildEnd>;
    const { exitCode, stdout, stderr, requests } = await loop(["nmzc", "loop", "--out=c", "img"], end);
    expect([exitCode, stdout, requests.length]).toEqual([125, "", 3]);
    expect(stderr).toContain("nmzc: no such image: img");
  });
});
