import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { requires } from "../../helpers/requires.js";

requires("python3", "built");

const folder = mkdtempSync(join(tmpdir(), "nmzt-python-"));
const children: ChildProcess[] = [];
const talkProgram = fileURLToPath(new URL("../../fixtures/python-client/talk.py", import.meta.url));
const entity = "_namazu_ether_inspector";

afterEach(async () => {
  for (const child of children.splice(0)) await end(child, "SIGKILL");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

/** The built `nmz orchestrator` with this config; a port of 0 is a free one. */
async function orchestrator(config: readonly string[], port = 0) {
  const file = join(folder, "config.toml");
  const out = mkdtempSync(join(folder, "out-"));
  writeFileSync(file, `${config.join("\n")}\n`);
  const words = ["dist/bin/nmz.js", "orchestrator", "--rest-port", String(port), "--nmz-out", out, file];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout! })) {
    const url = /REST on (http:\/\/127\.0\.0\.1:(\d+)\/api\/v3)/.exec(line);
    if (url !== null) return { child, out, url: url[1]!, port: Number(url[2]) };
  }
  throw new Error("nmz orchestrator ended without saying where it listens");
}

interface Outcome {
  readonly answered: number;
  readonly errors: number;
  readonly done: readonly { readonly hint: string; readonly how: string; readonly elapsedMs: number }[];
}

function client(url: string) {
  const child = spawn("python3", [talkProgram, url, entity], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return async (command: { packets?: readonly string[]; logs?: readonly string[] }): Promise<Outcome> => {
    child.stdin!.write(`${JSON.stringify(command)}\n`);
    return JSON.parse((await lines.next()).value as string) as Outcome;
  };
}

const hints = Array.from({ length: 20 }, (_, index) => `hint ${index}`);
const dumb = ['explorePolicy = "dumb"', "[explorePolicyParam]", 'interval = "20ms"'];

describe("a client that does what pynmz does", () => {
  it("has each packet accepted once, in the policy's time, and its log lines in the trace", async () => {
    const { url, child, out } = await orchestrator(dumb);
    const { answered, errors, done } = await client(url)({ packets: hints, logs: ["elected node2"] });
    expect({ answered, errors }).toEqual({ answered: 20, errors: 0 });
    expect(done.map(({ hint }) => hint)).toEqual(hints);
    expect(new Set(done.map(({ how }) => how))).toEqual(new Set(["EventAcceptanceAction"]));
    expect(done.at(-1)!.elapsedMs).toBeGreaterThanOrEqual(20);
    await end(child, "SIGTERM");
    const trace = readFileSync(join(out, runOf(out), "trace.jsonl"), "utf8");
    expect(trace).toContain("elected node2");
    expect(trace.match(/"PacketEvent"/g)).toHaveLength(20);
  });

  it("has its packets dropped by a policy that faults", async () => {
    const faulty = ['explorePolicy = "random"', "[explorePolicyParam]", "faultActionProbability = 1.0"];
    const { url } = await orchestrator(faulty);
    const { answered, done } = await client(url)({ packets: hints.slice(0, 5) });
    expect(answered).toBe(5);
    expect(done.map(({ how }) => how)).toEqual(Array(5).fill("PacketFaultAction"));
  });

  it("goes on while the orchestrator is away, and is heard again when it is back", async () => {
    const first = await orchestrator(dumb);
    const tell = client(first.url);
    expect((await tell({ packets: ["before"] })).answered).toBe(1);
    await end(first.child, "SIGKILL");
    const away = await tell({ packets: ["away"] });
    expect(away.done.map(({ how }) => how)).toEqual(["accepted: not sent"]);
    await orchestrator(dumb, first.port);
    await vi.waitFor(
      async () => {
        const { done } = await tell({ packets: ["after"] });
        expect(done.map(({ how }) => how)).toEqual(["EventAcceptanceAction"]);
      },
      { timeout: 40_000, interval: 100 },
    );
  });
});

/** The one run in the folder of runs. */
function runOf(out: string): string {
  const [run] = readdirSync(out).filter((name) => name !== "latest");
  return run!;
}
