import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { campaignPlace, linesOf } from "../helpers/campaigns.js";
import { machineState } from "../helpers/machine-state.js";
import { baseImage, requires } from "../helpers/requires.js";
import { runNmzc } from "../helpers/run-nmzc.js";

requires("root", "docker", "fuse", "nfqueue", "iptables", "built", "base-image", "tar");

/** Its working directory has results of somebody's earlier build, and a folder that is a volume. */
const image = `nmzt/results-${process.pid}`;
const dockerfile = `FROM ${baseImage}
COPY app /app
VOLUME /app/volume
WORKDIR /app
`;
const reports = "target/surefire-reports";
const suite = (test: string, body = "") =>
  `<testsuite name="s"><testcase classname="c" name="${test}">${body}</testcase></testsuite>`;

beforeAll(() => {
  const context = mkdtempSync(join(tmpdir(), "nmzc-results-"));
  mkdirSync(join(context, "app", reports), { recursive: true });
  for (const name of ["stale", "rewritten"]) {
    const file = join(context, "app", reports, `TEST-${name}.xml`);
    writeFileSync(file, suite(name));
    utimesSync(file, 1_600_000_000, 1_600_000_000);
  }
  writeFileSync(join(context, "Dockerfile"), dockerfile);
  execFileSync("sh", ["-c", `tar -C '${context}' -c Dockerfile app | docker build -q -t ${image} -`]);
  rmSync(context, { recursive: true });
});
afterAll(() => {
  execFileSync("docker", ["rmi", "--force", image]);
});

let cwd: string;
let remove: () => void;
beforeEach(() => {
  ({ place: cwd, remove } = campaignPlace());
});
afterEach(() => remove());

/** Writes what a run leaves, with what a hostile one would besides, and changes the owner of what the image has. */
const workload = [
  `cd ${reports}`,
  `echo '${suite("made", '<failure message="lost"/>')}' >TEST-made.xml`,
  `echo '${suite("rewritten")}' >TEST-rewritten.xml`,
  "chown nobody TEST-stale.xml",
  "ln -s /etc/passwd TEST-link.xml",
  "mkfifo TEST-pipe.xml",
  "ln TEST-made.xml ../TEST-other.xml",
  "exit 3",
].join("; ");

function loop(results: readonly string[], ...words: readonly string[]) {
  const named = results.flatMap((glob) => ["--results", glob]);
  return runNmzc(["loop", "--out", "c", "-n", "1", ...named, ...words], { cwd });
}

/** Names of the tests that were counted, and of the files that were kept. */
function told(): { readonly tests: readonly string[]; readonly files: readonly string[] } {
  const [run] = linesOf(join(cwd, "c"));
  const suites = readdirSync(join(cwd, "c/suites")).map((name) =>
    readFileSync(join(cwd, "c/suites", name), "utf8"),
  );
  const tests = [...suites.join("").matchAll(/c > (\w+)/g)].map(([, test]) => test!);
  return {
    tests: [...new Set(tests)].sort(),
    files: readdirSync(join(cwd, "c", run!.folder!, "results")).sort(),
  };
}

describe("nmzc loop, of results that stay in the container", () => {
  it.each([
    ["named by the container's path", [`/app/${reports}/*.xml`]],
    ["named from the working directory on", [`${reports}/TEST-*.xml`]],
    ["in the usual places", []],
  ])("counts what this run wrote and nothing that the image had: %s", async (_, results) => {
    const before = machineState();
    const { exitCode, stdout, stderr } = await loop(results, image, "sh", "-c", workload);
    expect([exitCode, stdout.split("\n")[0]], stderr).toEqual([
      1,
      expect.stringContaining("1 of 1 run failed"),
    ]);
    expect(told(), stderr).toEqual({
      tests: ["made", "rewritten"],
      files: ["TEST-made.xml", "TEST-rewritten.xml"],
    });
    expect(machineState()).toEqual(before);
  });

  it("takes them of runs at a time that share a folder, whose own results are nobody's", async () => {
    const { exitCode, stderr } = await runNmzc(
      [
        ...[
          "loop",
          "--out",
          "c",
          "-n",
          "2",
          "-j",
          "2",
          "-v",
          `${cwd}:/shared`,
          "--results",
          `/app/${reports}/*.xml`,
        ],
        ...[image, "sh", "-c", `${workload}`],
      ],
      { cwd },
    );
    expect(exitCode, stderr).toBe(1);
    expect(linesOf(join(cwd, "c")).map(({ exitCode: code }) => code)).toEqual([3, 3]);
    expect(told().files).toEqual(["TEST-made.xml", "TEST-rewritten.xml"]);
  });

  it("refuses, before anything runs, what cannot be had, and says what can", async () => {
    const refused = async (glob: string, ...words: readonly string[]) => {
      const { exitCode, stderr } = await loop([glob], ...words, image, "true");
      expect(exitCode, stderr).toBe(125);
      return stderr;
    };
    expect(await refused("/**/*.xml")).toContain("name a deeper folder");
    expect(await refused("/app/*.xml")).toContain("/app/volume mounted below it");
    expect(await refused("/app/volume/*.xml")).toContain("-v ./results:/app/volume");
    expect(await refused("/tmp/*.xml", "--tmpfs", "/tmp")).toContain("mount a folder there");
  });
});
