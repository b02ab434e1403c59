import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { javaImage, makeJavaImage, mavenProject } from "../helpers/java-image.js";
import { requires } from "../helpers/requires.js";
import { type Finished, runNmzc, startNmzc } from "../helpers/run-nmzc.js";
import { latestRun, latestTrace, type TraceLine } from "../helpers/traces.js";

requires("root", "docker", "fuse", "nfqueue", "built", "base-image", "javac", "mvn");

const reserve = ["--nmz-java", "functions=Orders#reserve"];
const orders = ["java", "-cp", "/opt/classes", "Orders"];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-java-"));
  // Each call and each return is held for 20 to 30 ms.
  const policy = {
    explorePolicy: "random",
    explorePolicyParam: { minInterval: "20ms", maxInterval: "30ms" },
  };
  const container = { enableEthernetInspector: true, enableFSInspector: true, enableProcInspector: true };
  writeFileSync(join(folder, "slow.json"), JSON.stringify({ ...policy, container }));
  makeJavaImage();
}, 170_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is there of the run that wrote into `out`: journal, folder, mounts, container. */
function leftOf(out: string): string[] {
  const [runId] = readdirSync(out).filter((name) => /^[0-9a-f]{12}$/.test(name));
  const filter = ["--filter", `label=nmzc.run=${runId}`];
  return [
    ...readdirSync("/run/nmzc").filter((name) => name.startsWith(runId!)),
    ...readFileSync("/proc/self/mountinfo", "utf8")
      .split("\n")
      .filter((line) => line.includes(`/run/nmzc/${runId}`)),
    ...execFileSync("docker", ["ps", "-aq", ...filter], { encoding: "utf8" })
      .split("\n")
      .filter(Boolean),
  ];
}

interface JavaRun extends Finished {
  readonly events: readonly TraceLine[];
  readonly java: ReturnType<typeof latestRun>["inspectors"][number];
}

async function run(name: string, flags: readonly string[], command: readonly string[]): Promise<JavaRun> {
  const out = join(folder, name);
  const policy = ["--nmz-autopilot", join(folder, "slow.json"), "--nmz-out", out];
  const finished = await runNmzc(["run", "--rm", ...policy, ...flags, javaImage, ...command]);
  expect(leftOf(out), finished.stderr).toEqual([]);
  return {
    ...finished,
    events: latestTrace(out).filter(({ event }) => event === "JavaFunctionEvent"),
    java: latestRun(out).inspectors.find(({ inspector }) => inspector === "java")!,
  };
}

describe("nmzc run --nmz-java", () => {
  it("holds calls and returns as the policy says, and passes the exit code on", async () => {
    const { exitCode, stdout, stderr, events, java } = await run("plain", reserve, [...orders, "4", "7"]);
    expect(exitCode, stderr).toBe(7);
    expect(events.map(({ op }) => op)).toEqual(Array(4).fill(["call", "return"]).flat());
    const delays = events.map(({ delayMs }) => Number(delayMs));
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(20);
    const tookMs = stdout.trim().split("\n").map(Number);
    expect(tookMs).toHaveLength(4);
    // Two millisecond clocks, rounded.
    for (const [i, ms] of tookMs.entries()) {
      expect(ms + 2).toBeGreaterThanOrEqual(delays[2 * i]! + delays[2 * i + 1]!);
    }
    expect(events[0]).toMatchObject({ function: "Orders#reserve" });
    expect(java).toMatchObject({ events: 8, details: { JVMs: 1, calls: 4, returns: 4, functions: 1 } });
    expect(stderr).toContain("java 8");
    expect(stderr).not.toContain("no JVM");
  });

  it("repeats its decisions with the seed, for each JVM by itself", async () => {
    const twice = [];
    for (const name of ["first", "second"]) {
      const { events } = await run(name, [...reserve, "--nmz-seed", "again"], [...orders, "5"]);
      twice.push(events.map(({ entity, hint, delayMs }) => [entity, hint, delayMs]));
    }
    expect(twice[1]).toEqual(twice[0]);
    expect(new Set(twice[0]!.map(([, , delayMs]) => delayMs)).size).toBeGreaterThan(5);
  });

  it.each([
    ["without any network", ["--network", "none"]],
    ["in the host's network", ["--network", "host", "--nmz-disable", "ethernet"]],
    ["for a user without rights, on a read-only root", ["--read-only", "-u", "12345:12345"]],
  ])("works %s", async (name, flags) => {
    const { exitCode, stderr, java } = await run(
      name.replaceAll(/\W/g, "-"),
      [...reserve, ...flags],
      [...orders, "2"],
    );
    expect(exitCode, stderr).toBe(0);
    expect(java).toMatchObject({ events: 4, details: { JVMs: 1 } });
  });

  it("does not shake its own packets", async () => {
    const out = join(folder, "packets");
    const script = `${orders.join(" ")} 3; echo x >/dev/udp/127.0.0.1/9`;
    const args = ["run", "--rm", "--nmz-out", out, ...reserve, javaImage, "bash", "-c", script];
    const { exitCode, stderr } = await runNmzc(args);
    expect(exitCode, stderr).toBe(0);
    const trace = latestTrace(out);
    expect(trace.filter(({ event }) => event === "JavaFunctionEvent")).toHaveLength(6);
    const packets = trace.filter(({ event }) => event === "PacketEvent").map(({ hint }) => String(hint));
    expect(packets.filter((hint) => hint.startsWith("udp:"))).not.toHaveLength(0);
    expect(packets.filter((hint) => hint.startsWith("tcp:"))).toEqual([]);
  });

  it("keeps what the user and the image give the JVMs", async () => {
    const command = ["java", "-XshowSettings:properties", "-cp", "/opt/classes", "Orders", "1"];
    const own = ["-e", "JAVA_TOOL_OPTIONS=-Dof.user=yes"];
    const image = await run("image-env", reserve, command);
    const user = await run("user-env", [...reserve, ...own], command);
    expect([image.stderr, user.stderr]).toEqual([
      expect.stringMatching(/^ +of\.image = yes$/m),
      expect.stringMatching(/^ +of\.user = yes$/m),
    ]);
    expect([image.java.details["JVMs"], user.java.details["JVMs"]]).toEqual([1, 1]);
  });

  it("takes Byteman's own rules from a file", async () => {
    const rules = join(folder, "rules.btm");
    const lines = [
      "RULE reserve",
      "CLASS Orders",
      "METHOD reserve",
      "HELPER net.osrg.namazu.PBEQHelper",
      "AT ENTRY",
    ];
    lines.push("IF TRUE", 'DO eventFuncCall("a reservation")', "ENDRULE", "");
    writeFileSync(rules, lines.join("\n"));
    const { exitCode, stderr, events } = await run(
      "rules",
      ["--nmz-java", `script:${rules}`],
      [...orders, "2"],
    );
    expect(exitCode, stderr).toBe(0);
    expect(events.map((event) => event["function"])).toEqual(["a reservation", "a reservation"]);
  });

  it("reaches JVMs that start late, and two at a time", async () => {
    const java = orders.join(" ");
    const script = `sleep 0.5; ${java} 3 & ${java} 3 3; code=$?; wait; exit $code`;
    const { exitCode, stderr, java: report } = await run("late", reserve, ["sh", "-c", script]);
    expect(exitCode, stderr).toBe(3);
    expect(report).toMatchObject({ events: 12, details: { JVMs: 2, calls: 6, returns: 6 } });
  });

  it("says so when no JVM came", async () => {
    const { exitCode, stderr, java } = await run("none", reserve, ["sh", "-c", "exit 5"]);
    expect(exitCode).toBe(5);
    expect(stderr).toContain("java: no JVM connected");
    expect(java).toMatchObject({ events: 0, details: { JVMs: 0 } });
  });

  it("instruments the forks of mvn test", { timeout: 120_000 }, async () => {
    const project = join(folder, "project");
    cpSync(mavenProject, project, { recursive: true });
    const flags = [
      "-v",
      `${project}:/project`,
      "-w",
      "/project",
      "--nmz-java",
      "functions=account.Account#deposit",
    ];
    const maven = ["mvn", "-B", "-o", "-q", "-Dmaven.repo.local=/opt/m2", "test"];
    const out = join(folder, "maven");
    const args = ["run", "--rm", "--nmz-out", out, ...flags, javaImage, ...maven];
    const { exitCode, stdout, stderr } = await runNmzc(args);
    expect(exitCode, stdout + stderr).toBe(0);
    const java = latestRun(out).inspectors.find(({ inspector }) => inspector === "java");
    // Maven's own JVM has the agent too, and no such function.
    expect(java).toMatchObject({
      entity: "java-surefire",
      events: 200,
      details: { calls: 100, returns: 100 },
    });
    const report = readFileSync(join(project, "target/surefire-reports/account.AccountTest.txt"), "utf8");
    expect(report).toContain("Tests run: 1, Failures: 0");
  });

  it("leaves nothing when nmzc is killed while calls are held", async () => {
    const out = join(folder, "killed");
    const flags = ["--nmz-autopilot", join(folder, "slow.json"), "--nmz-out", out, ...reserve];
    const nmzc = startNmzc(["run", "--rm", ...flags, javaImage, ...orders, "0"]);
    await nmzc.stdoutHas("\n");
    nmzc.process.kill("SIGKILL");
    await nmzc.finished;
    expect(leftOf(out)).not.toEqual([]);
    expect((await runNmzc(["prune"])).exitCode).toBe(0);
    await vi.waitFor(() => expect(leftOf(out)).toEqual([]), { timeout: 10_000, interval: 200 });
  });
});
