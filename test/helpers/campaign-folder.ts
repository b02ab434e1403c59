import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type CampaignFile,
  createCampaign,
  type RunLine,
  runFolderName,
  storeSuite,
} from "../../src/campaign/index.js";
import { hashText, KeyedRandom } from "../../src/util/index.js";

/** A campaign as `loop` leaves one, made up: what failed, and whose fault it was, is known. */
export interface MadeCampaign {
  readonly runs: number;
  readonly hasBaseline?: boolean;
  /** Of the suite; 0: no test results. */
  readonly tests?: number;
  /** Of each recorded run's trace. */
  readonly events?: number;
  /** Runs that are kept with output and trace, of each outcome. */
  readonly kept?: number;
  readonly changes?: Partial<CampaignFile>;
  /** Put into names, messages and output. */
  readonly hostile?: string;
}

const startedAt = "2026-03-01T10:00:00.000Z";
const startMs = Date.parse(startedAt);

/** A run fails when the third fsync of the log was late; plain ones hardly ever. Deterministic. */
export function makeCampaign(folder: string, made: MadeCampaign): void {
  const { runs, hasBaseline = false, tests = 0, events = 400, kept = 12, hostile = "", changes } = made;
  createCampaign(folder, { ...campaignFile(hasBaseline, hostile), ...changes });
  const names = Array.from({ length: tests }, (_, index) => testName(index, hostile));
  const suite = tests === 0 ? undefined : storeSuite(folder, names);
  const random = new KeyedRandom(hashText("made"));
  const keptRuns = { pass: 0, fail: 0 };
  let lines = "";
  for (let run = 0; run < runs; run++) {
    const arm = hasBaseline && run % 2 === 0 ? "plain" : "fuzzed";
    const isLate = arm === "fuzzed" && random.next() < 0.14;
    const hasFailed = isLate ? random.next() < 0.9 : random.next() < 0.004;
    const draw = random.next();
    const outcome = !hasFailed && draw < 0.01 ? "timeout" : hasFailed ? "fail" : "pass";
    const isKept = outcome !== "timeout" && keptRuns[outcome] < kept;
    if (isKept) keptRuns[outcome as "pass" | "fail"] += 1;
    const line: RunLine = {
      run,
      arm,
      seed: run.toString(16).padStart(16, "0"),
      choice: undefined,
      startedAt: new Date(startMs + run * 1500).toISOString(),
      durationMs: 1200 + Math.round(draw * 400),
      exitCode: outcome === "timeout" ? undefined : hasFailed ? 1 : 0,
      outcome,
      tests: undefined,
      suite: outcome === "timeout" ? undefined : suite,
      failures: hasFailed ? failuresOf(names, draw, hostile) : [],
      folder: isKept ? runFolderName(run) : undefined,
      error: undefined,
    };
    if (isKept) keepRun(join(folder, runFolderName(run)), run, isLate, events, hostile);
    lines += `${JSON.stringify(line)}\n`;
  }
  appendFileSync(join(folder, "runs.jsonl"), lines);
}

function testName(index: number, hostile: string): string {
  const suites = ["QueueTest", "ElectionTest", "SnapshotTest", "SessionTrackerTest"];
  const suite = suites[index % suites.length];
  return `org.example.store.${suite} > ${index === 0 ? `keepsWhatWasSynced${hostile}` : `case${index}`}`;
}

function failuresOf(names: readonly string[], draw: number, hostile: string): RunLine["failures"] {
  const lost = (test: string | undefined) => ({
    test,
    title: `expected 3 entries but found 2${hostile}`,
    signature: {
      id: "a1b2c3d4e5f6",
      message: `expected # entries but found #${hostile}`,
      frames: [
        `org.example.store.Log.replay(Log.java)${hostile}`,
        "org.example.store.Store.open(Store.java)",
      ],
    },
  });
  if (names.length === 0) return [lost(undefined)];
  const both = [lost(names[0]), ...(names[4] === undefined ? [] : [lost(names[4])])];
  if (draw < 0.75 || names[1] === undefined) return both;
  const timedOut = {
    test: names[1],
    title: "no leader after 5000 ms",
    signature: {
      id: "0f9e8d7c6b5a",
      message: "no leader after # ms",
      frames: ["org.example.store.Election.await(Election.java)"],
    },
  };
  return [timedOut];
}

function keepRun(folder: string, run: number, isLate: boolean, events: number, hostile: string): void {
  const runId = `r${run}`;
  mkdirSync(join(folder, runId), { recursive: true });
  writeFileSync(
    join(folder, "output.log"),
    `\u001b[32m[INFO]\u001b[0m Running org.example.store.QueueTest${hostile}\n[INFO] Tests run: 12, Failures: ${isLate ? 1 : 0}\n`,
  );
  writeFileSync(
    join(folder, runId, "run.json"),
    JSON.stringify({ nmzRun: 2, runId, exitCode: isLate ? 1 : 0 }),
  );
  writeFileSync(join(folder, runId, "trace.jsonl"), traceText(run, isLate, events, hostile));
  symlinkSync(runId, join(folder, "latest"));
}

/** A client that writes to a server, which writes a log and syncs it every tenth time; its threads are rescheduled now and then. */
export function traceText(run: number, isLate: boolean, events: number, hostile = ""): string {
  const random = new KeyedRandom(hashText(`trace ${run}`));
  const lines = [JSON.stringify({ nmzTrace: 2, run: `r${run}`, seed: "s", startedAt })];
  const counts = new Map<string, number>();
  let now = 5;
  let syncs = 0;
  for (let event = 0; event < events; event++) {
    now += random.next() * 2;
    const draw = random.next();
    const held = random.next() < 0.3 ? Math.round(random.next() * 8000) / 100 : 0;
    const add = (entity: string, hint: string, kind: string, more: object, delayMs = held) => {
      const n = (counts.get(hint) ?? 0) + 1;
      counts.set(hint, n);
      const arrived = Math.round(now * 1000) / 1000;
      lines.push(
        JSON.stringify({ t: arrived + delayMs, event: kind, entity, hint, n, arrived, delayMs, ...more }),
      );
    };
    if (draw < 0.5) {
      const isRequest = random.next() < 0.5;
      const [src, dst] = isRequest ? ["10.0.0.2", "10.0.0.3:2888"] : ["10.0.0.3:2888", "10.0.0.2"];
      const isDropped = random.next() < 0.02;
      const hint = `tcp:${isRequest ? "output" : "input"}:${src}>${dst}:data`;
      const fault = isDropped
        ? { action: "PacketFaultAction", fault: { kind: "drop" } }
        : { action: "EventAcceptanceAction" };
      add("ethernet", hint, "PacketEvent", { ...fault, src, dst, length: 120 });
    } else if (draw < 0.95) {
      const isSync = random.next() < 0.1;
      const path =
        isSync || random.next() < 0.6
          ? `data/log.1${hostile}`
          : `data/snapshot.${Math.floor(random.next() * 5)}`;
      if (isSync) syncs += 1;
      const isCulprit = isSync && syncs === 3;
      const op = isSync ? "pre-fsync" : "post-write";
      add(
        "fs",
        `${op}:${path}`,
        "FilesystemEvent",
        { action: "EventAcceptanceAction", op, path },
        isCulprit ? (isLate ? 80 : 0) : held,
      );
    } else {
      const attrs = random.next() < 0.5 ? { "11": { Policy: 3 } } : {};
      add(
        "proc",
        "threads",
        "ProcSetEvent",
        { action: "ProcSetSchedAction", threads: ["11", "12"], attrs },
        0,
      );
    }
  }
  return `${lines.join("\n")}\n`;
}

function campaignFile(hasBaseline: boolean, hostile: string): Omit<CampaignFile, "nmzCampaign"> {
  return {
    id: "2026-03-01-store",
    kind: "container",
    startedAt,
    runArguments: [
      "--preset=nasty",
      "--volume=/src/my store:/src",
      `example/store:1.4${hostile}`,
      "mvn",
      "-q",
      "test",
    ],
    cwd: "/src",
    test: `example/store:1.4 mvn -q test${hostile}`,
    seed: "a seed",
    stop: { runs: 200, untilFailure: false, forMs: undefined, untilInterval: undefined },
    jobs: 2,
    timeoutMs: 60_000,
    hasBaseline,
    preset: "nasty",
    tune: false,
    results: [],
    copyVolumes: false,
    keep: "some",
    autopilot: { explorePolicy: "random", explorePolicyParam: { maxInterval: "80ms" } },
    environment: {
      nmzc: "0.1.0",
      node: "20.19.0",
      kernel: "6.18.0",
      cpus: 2,
      memoryBytes: 8 * 2 ** 30,
      engine: "docker 20.10.24",
      image: `example/store:1.4${hostile}`,
      imageDigest: `sha256:${"3f".repeat(32)}`,
    },
  };
}
