import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CliContext, Services } from "../../../../src/cli/cli-context.js";
import { minimizeRun } from "../../../../src/cli/replay/minimize-run.js";
import {
  type RecordedDecision,
  readRun,
  readTrace,
  shakes,
  type TraceEntry,
} from "../../../../src/record/index.js";
import { NmzError } from "../../../../src/util/index.js";
import { runCli } from "../fake-context.js";

let out: string;
let folder: string;

const runFile = {
  ...{ nmzRun: 2, runId: "one", seed: "tuna", command: ["work"], exitCode: 3, warnings: ["old"] },
  ...{ startedAt: "2026-01-01T00:00:00.000Z", endedAt: "2026-01-01T00:00:01.000Z", autopilot: {} },
  repeat: { kind: "container", request: { image: "x" } },
};

function packetLine(index: number, delayMs = 10 + index): object {
  const port = 80 + (index % 3);
  const key = { entity: "net", hint: `tcp:output:local>10.0.0.3:${port}:data:${index}`, n: 1 };
  const ends = { src: "entity-10.0.0.2:40123", dst: `entity-10.0.0.3:${port}`, length: 100 };
  const times = { t: index + delayMs, arrived: index, delayMs };
  return { ...times, action: "EventAcceptanceAction", event: "PacketEvent", ...key, ...ends };
}

function record(lines: readonly object[]): void {
  const all = [{ nmzTrace: 2 }, ...lines];
  writeFileSync(join(folder, "trace.jsonl"), all.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

const packets = Array.from({ length: 24 }, (_, index) => packetLine(index));

beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "nmzc-cli-minimize-"));
  folder = join(out, "one");
  mkdirSync(folder);
  writeFileSync(join(folder, "run.json"), JSON.stringify(runFile));
  record([...packets, { t: 5, action: "ShellAction", command: "touch /x" }]);
  symlinkSync("one", join(out, "latest"));
});
afterEach(() => rmSync(out, { recursive: true }));

function shaken(entries: readonly TraceEntry[]): RecordedDecision[] {
  return entries.flatMap((entry) =>
    entry.kind === "decision" && shakes(entry.decision) ? [entry.decision] : [],
  );
}

type Run = (
  hints: readonly string[],
  entries: readonly TraceEntry[],
) => { exitCode: number; output?: string };

/** Runs `nmzc minimize` on a workload that ends as `run` says. */
async function minimize(words: readonly string[], run: Run) {
  let runs = 0;
  const openReplays: Services["openReplays"] = async () => ({
    once: async (given) => {
      runs += 1;
      const entries = [...given];
      const hints = shaken(entries).map(({ hint }) => hint);
      return { output: "", replayed: 4, byPlace: 0, recorded: 8, ...run(hints, entries) };
    },
  });
  const finished = await runCli(["nmzc", "minimize", ...words, out], { cwd: out, services: { openReplays } });
  return { ...finished, runs };
}

const holds = (hints: readonly string[], ...indexes: readonly number[]) =>
  indexes.every((index) => hints.some((hint) => hint.endsWith(`:data:${index}`)));

describe("nmzc minimize", () => {
  it("says in words which decisions make it fail, how often, and what to do next", async () => {
    const { exitCode, stdout, stderr, runs } = await minimize([], (hints) => ({
      exitCode: holds(hints, 7) ? 3 : 0,
    }));
    expect(exitCode, stderr).toBe(0);
    const [first, ...rest] = stdout.split("\n");
    expect(first).toMatch(
      /^the 3rd data packet 10\.0\.0\.2→10\.0\.0\.3:81 late by \S+ms: fails 10 of 10; without: 0 of 10$/,
    );
    expect(rest).toEqual([
      "95% intervals: 69% to 100%; without: 0% to 31%",
      expect.stringMatching(`^1 of 24 decisions left after ${runs} runs in \\S+: it alone is enough$`),
      "stored: one/minimized",
      "next: nmzc replay --times 20 one/minimized",
      "",
    ]);
    expect(stderr).toContain("run 20: all 24 decisions (without: 0 of 10): 10 of 10 failed: measured\n");
  });

  it("stores them as a run that can be replayed, which only its owner may read", async () => {
    const command = { command: "touch /x", atMs: 5 };
    await minimize([], (hints, entries) => {
      expect(entries).toContainEqual({ kind: "command", command });
      return { exitCode: holds(hints, 7, 8) ? 1 : 0 };
    });
    const stored = readRun(join(folder, "minimized"));
    const entries = [...readTrace(stored.traceFile)];
    const kept = shaken(entries).map(({ about }) => about["dst"]);
    expect(kept).toEqual(["entity-10.0.0.3:81", "entity-10.0.0.3:82"]);
    expect(entries).toContainEqual({ kind: "command", command });
    // The others keep their places, by which those that are left are known again.
    expect(entries.length).toBe(25);
    expect(stored.result).toMatchObject({
      ...{ runId: "one-minimized", exitCode: 3, repeat: runFile.repeat, warnings: [] },
      minimized: { of: "one", outcome: "minimal", recorded: 24 },
    });
    expect(statSync(join(folder, "minimized", "run.json")).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, "run.json"), "utf8")).toBe(JSON.stringify(runFile));
  });

  it("takes for a failure what it is told to, and passes that on", async () => {
    const { stdout } = await minimize(["--exit-code=3", "--output=it's lost"], (hints) => ({
      exitCode: holds(hints, 5) ? 3 : 1,
      output: "it's lost",
    }));
    expect(stdout).toContain("without: 0 of 10");
    expect(stdout).toContain(
      "next: nmzc replay --times 20 --exit-code 3 --output 'it'\\''s lost' one/minimized",
    );
  });

  it("gives the best so far when its runs are spent", async () => {
    const { exitCode, stdout, runs } = await minimize(["--max-runs", "50"], (hints) => ({
      exitCode: holds(hints, 7, 8, 12) ? 1 : 0,
    }));
    expect(exitCode).toBe(0);
    expect(runs).toBe(50);
    expect(stdout).toMatch(
      /decisions left after 50 runs in \S+: the runs of --max-runs are spent, and fewer may do/,
    );
    expect([...readTrace(join(folder, "minimized", "trace.jsonl"))].length).toBeGreaterThan(3);
  });

  it("lists many decisions one by one", async () => {
    const causes = [1, 2, 3, 4, 5, 6];
    const { stdout } = await minimize([], (hints) => ({ exitCode: holds(hints, ...causes) ? 1 : 0 }));
    expect(stdout).toMatch(
      /^6 decisions: fails 10 of 10; without: 0 of 10\n( {2}the .* data packet .*\n){6}95%/,
    );
    expect(stdout).toContain("none of them can be left out");
  });

  it("says that the record does not make it fail, and how much of it came back", async () => {
    const { exitCode, stdout, stderr } = await minimize([], () => ({ exitCode: 0 }));
    expect(exitCode).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain("fails 0 of 40; without: 0 of 40");
    expect(stderr).toContain("of its 24 decisions");
    expect(stderr).toContain("nmzc replay --times 20 one");
  });

  it("says that it fails without any decision too", async () => {
    const { exitCode, stderr } = await minimize([], () => ({ exitCode: 1 }));
    expect(exitCode).toBe(1);
    expect(stderr).toContain("fails without being shaken too");
  });

  it("says that its budget does not even show whether it fails", async () => {
    const { exitCode, stderr } = await minimize(["--max-runs=5"], () => ({ exitCode: 1 }));
    expect(exitCode).toBe(1);
    expect(stderr).toContain("the runs of --max-runs were spent before it was clear");
  });

  it("refuses a run in which nothing was shaken", async () => {
    record([packetLine(1, 0)]);
    const { exitCode, stderr, runs } = await minimize([], () => ({ exitCode: 1 }));
    expect([exitCode, runs]).toEqual([1, 0]);
    expect(stderr).toContain("in the run in one no event was delayed or failed");
  });

  it("keeps what it found when a run cannot be made any more", async () => {
    let runs = 0;
    const { exitCode, stdout, stderr } = await minimize([], (hints) => {
      runs += 1;
      if (runs > 40) throw new Error("the engine has gone");
      return { exitCode: holds(hints, 7) ? 1 : 0 };
    });
    expect(exitCode).toBe(125);
    expect(stderr).toContain("the engine has gone");
    expect(stdout).toContain("stopped before its end, and fewer may do");
    expect(shaken([...readTrace(join(folder, "minimized", "trace.jsonl"))]).length).toBeLessThan(24);
  });

  it("gives the best so far when it is interrupted", async () => {
    const stop = new AbortController();
    let runs = 0;
    const written = { out: "", err: "" };
    const context = {
      cwd: out,
      stdout: { write: (text: string) => (written.out += text) },
      stderr: { write: (text: string) => (written.err += text) },
      services: {
        openReplays: async () => ({
          once: async (entries: Iterable<TraceEntry>) => {
            runs += 1;
            if (runs === 40) stop.abort();
            if (stop.signal.aborted) throw new NmzError("NMZ_INTERRUPTED", "interrupted");
            const hints = shaken([...entries]).map(({ hint }) => hint);
            return { output: "", replayed: 1, byPlace: 0, recorded: 1, exitCode: holds(hints, 7) ? 1 : 0 };
          },
        }),
      },
    } as unknown as CliContext;
    const draft = { maxRuns: 1000, maxTimeMs: undefined, confidence: 0.95 };
    const failure = { failureExitCode: undefined, failureOutput: undefined };
    await minimizeRun(
      readRun(out),
      { ...draft, ...failure },
      { replayCommand: "nmzc replay", context, signal: stop.signal },
    );
    expect(runs).toBe(40);
    expect(written.out).toContain("what is left failed like it, and was not confirmed on fresh runs");
    expect(written.out).toContain("stopped before its end, and fewer may do");
    expect(shaken([...readTrace(join(folder, "minimized", "trace.jsonl"))]).length).toBeLessThan(24);
  });

  it.each([["--confidence=1"], ["--confidence=often"], ["--max-runs=0"], ["--max-time=0s"]])(
    "refuses %s",
    async (flag) => {
      const { exitCode, runs } = await minimize([flag], () => ({ exitCode: 1 }));
      expect(exitCode).not.toBe(0);
      expect(runs).toBe(0);
    },
  );
});
