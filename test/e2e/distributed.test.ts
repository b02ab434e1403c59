import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isMounted } from "../../runtime/kernel/index.js";
import { type HostProgram, Hosts } from "../helpers/hosts.js";
import { requires } from "../helpers/requires.js";
import type { TraceLine } from "../helpers/traces.js";

requires("root", "fuse", "nfqueue", "netns", "ip", "nsenter", "built");

const nmz = [process.execPath, fileURLToPath(new URL("../../dist/bin/nmz.js", import.meta.url))];
const udp = [
  process.execPath,
  fileURLToPath(new URL("../fixtures/packets/udp-between.mjs", import.meta.url)),
];
const env = { NMZ_TOKEN: "nmzt-secret" };
const heldMs = 200;
const config = `explorePolicy = "random"
[explorePolicyParam]
minInterval = "${heldMs}ms"
maxInterval = "${heldMs + 100}ms"
faultActionProbability = 0.3
procPolicy = "mild"
`;

let hosts: Hosts;
let folder: string;
let mountPoint: string;
const programs: HostProgram[] = [];
beforeEach(() => {
  hosts = new Hosts(3);
  folder = mkdtempSync(join(tmpdir(), "nmzt-distributed-"));
  for (const name of ["original", "mount", "out"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "config.toml"), config);
  mountPoint = join(folder, "mount");
});
afterEach(async () => {
  // Inspectors undo what they did, and the command hears the signal.
  for (const program of programs.splice(0).reverse()) await program.end("SIGTERM");
  hosts.remove();
  rmSync(folder, { recursive: true });
});

function start(host: number, ...command: readonly string[]): HostProgram {
  const program = hosts.start(host, command, env);
  programs.push(program);
  return program;
}

async function startOrchestrator(): Promise<HostProgram> {
  const words = ["--listen", hosts.hubAddress, "--rest-port", "10080", "--seed", "tuna"];
  const orchestrator = start(
    0,
    ...nmz,
    "orchestrator",
    ...words,
    "--nmz-out",
    `${folder}/out`,
    `${folder}/config.toml`,
  );
  await orchestrator.says(`http://${hosts.hubAddress}:10080`);
  return orchestrator;
}

async function startInspector(host: number, name: string, ...words: readonly string[]): Promise<HostProgram> {
  const url = `http://${hosts.hubAddress}:10080/api/v3`;
  const common = ["-orchestrator-url", url, "-entity-id", `host${host}`];
  const inspector = start(host, ...nmz, "inspectors", name, ...common, ...words);
  await inspector.says(`nmz: ${name}: `);
  return inspector;
}

const datagramCount = 60;

/** Host 1 sends numbered datagrams to host 2. */
async function sendDatagrams(first: number): Promise<void> {
  const words = ["send", hosts.address(2), "5005", String(first), String(datagramCount)];
  await start(1, ...udp, ...words).ended;
}

function arrived(receiver: HostProgram, first: number): number {
  const numbers = receiver.said.split("\n").map(Number);
  return numbers.filter((number) => number >= first && number < first + datagramCount).length;
}

/** Makes a folder below the mount, in a process of its own. Gives how long it took, or undefined when it failed. */
async function makeFolder(name: string): Promise<number | undefined> {
  const startMs = performance.now();
  try {
    await promisify(execFile)("mkdir", [join(mountPoint, name)], { timeout: 20_000 });
    return performance.now() - startMs;
  } catch {
    return undefined;
  }
}

async function makeFolders(prefix: string, count: number): Promise<number[]> {
  const times: (number | undefined)[] = [];
  for (let number = 0; number < count; number++) times.push(await makeFolder(`${prefix}-${number}`));
  return times.filter((ms) => ms !== undefined);
}

function actionsOf(trace: readonly TraceLine[], entity: string): string[] {
  return trace.filter((line) => line.entity === entity).map((line) => String(line["action"]));
}

describe("Inspectors on three hosts, and one orchestrator", () => {
  it("are one trace in order, and go on without it until it is back", async () => {
    const orchestrator = await startOrchestrator();
    const receiver = start(2, ...udp, "receive", "5005");
    await receiver.says("ready");
    const script = "while :; do echo round; sleep 0.05; done";
    const inspectors = await Promise.all([
      startInspector(1, "ethernet", "--install-rule"),
      startInspector(2, "proc", "-watch-interval", "100ms", "--", "sh", "-c", script),
      startInspector(3, "fs", "-original-dir", `${folder}/original`, "-mount-point", mountPoint),
    ]);
    const [, proc] = inspectors;

    // A fault on the first, a schedule on the second, a delay on the third.
    await sendDatagrams(1000);
    expect(await makeFolders("held", 6)).toSatisfy(areHeld);

    // It dies with an operation in its hands: the kernel lets one folder be made after the other.
    const inItsHands = Array.from({ length: 5 }, (_, number) => makeFolder(`in-its-hands-${number}`));
    await Promise.race(inItsHands);
    const from = inspectors.map(({ said }) => said.length);
    await orchestrator.end("SIGKILL");
    const made = (await Promise.all(inItsHands)).filter((ms) => ms !== undefined);
    expect(made.length).toBeGreaterThanOrEqual(3);
    const before = runs();
    expectAllThree(traceOf(before[0]!));

    // Away: nothing is lost, nothing is held, the command runs.
    await Promise.all(inspectors.map((inspector, index) => inspector.says("accepted unseen", from[index])));
    await sendDatagrams(2000);
    await expect.poll(() => arrived(receiver, 2000), { timeout: 20_000 }).toBe(datagramCount);
    expect(await makeFolders("free", 6)).toHaveLength(6);
    await proc.says("round", proc.said.length);

    // Back: decided again, without anybody's doing.
    const second = await startOrchestrator();
    await Promise.all(inspectors.map((inspector, index) => inspector.says("is back; ", from[index])));
    await sendDatagrams(3000);
    expect(await makeFolders("again", 6)).toSatisfy(areHeld);
    const [again = ""] = runs().filter((run) => !before.includes(run));
    await expect.poll(() => faultsOf(traceOf(again), "host1"), { timeout: 20_000 }).toBeGreaterThan(0);

    for (const inspector of inspectors) {
      await inspector.end("SIGTERM");
      await inspector.says("events went on unseen");
    }
    expect(isMounted(mountPoint)).toBe(false);
    await second.end("SIGTERM");
    expectAllThree(traceOf(again));
  });
});

/** Runs of orchestrators; a killed one has pointed no `latest` to its own. */
function runs(): string[] {
  return readdirSync(join(folder, "out")).filter((name) => name !== "latest");
}

function traceOf(run: string): TraceLine[] {
  // The last line may be on its way to the disk.
  const lines = readFileSync(join(folder, "out", run, "trace.jsonl"), "utf8")
    .split("\n")
    .slice(1, -1);
  return lines.map((line) => JSON.parse(line) as TraceLine);
}

function faultsOf(trace: readonly TraceLine[], entity: string): number {
  return actionsOf(trace, entity).filter((action) => action.endsWith("FaultAction")).length;
}

/** All of them in one trace, in the order of their times. */
function expectAllThree(trace: readonly TraceLine[]): void {
  expect(actionsOf(trace, "host1")).toContain("PacketFaultAction");
  expect(actionsOf(trace, "host2")).toContain("ProcSetSchedAction");
  expect(actionsOf(trace, "host3")).toContain("EventAcceptanceAction");
  const delays = trace.filter(({ entity }) => entity === "host3").map(({ delayMs }) => Number(delayMs));
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(heldMs);
  const moments = trace.map(({ t }) => Number(t));
  expect(moments).toEqual([...moments].sort((a, b) => a - b));
}

/** Some were made (others failed, as the policy wants it), and each took as long as it was held. */
function areHeld(times: readonly number[]): boolean {
  return times.length > 0 && times.every((ms) => ms > heldMs * 0.9);
}
