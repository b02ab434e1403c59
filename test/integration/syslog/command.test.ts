import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { requires } from "../../helpers/requires.js";
import { patience, run } from "./log-rig.js";

requires("logger", "built");

const folder = mkdtempSync(join(tmpdir(), "nmzt-syslog-"));
const children: ChildProcess[] = [];

afterAll(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

/** The built nmz, and what it matched in what it says. */
async function nmz(pattern: RegExp, ...words: string[]) {
  const child = spawn(process.execPath, ["dist/bin/nmz.js", ...words], { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  let said = "";
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on("data", (chunk) => {
      said += chunk;
    });
  }
  const match = await vi.waitFor(() => {
    const found = pattern.exec(said);
    if (found === null) throw new Error(`it said: ${said}`);
    return found;
  }, patience);
  return { child, match };
}

describe("nmz inspectors syslog", () => {
  it("brings log lines to an orchestrator elsewhere, whose trace has them, and ends at a signal with 0", async () => {
    const orchestrator = await nmz(
      /(http:\/\/127\.0\.0\.1:\d+\/api\/v3)/,
      ...["orchestrator", "--rest-port", "0", "--nmz-out", folder],
    );
    const inspector = await nmz(
      /UDP port (\d+) and TCP port (\d+)/,
      ...["inspectors", "syslog", "-udp-port", "0", "--tcp-port=0", "-entity-id", "logs"],
      ...["-orchestrator-url", orchestrator.match[1]!],
    );
    const [, udpPort, tcpPort] = inspector.match;
    await run("logger", ["-n", "127.0.0.1", "-P", udpPort!, "-d", "--", "said over UDP"]);
    await run("logger", ["-n", "127.0.0.1", "-P", tcpPort!, "-T", "--", "said over TCP"]);
    await vi.waitFor(() => {
      const [runFolder] = readdirSync(folder).filter((name) => name !== "latest");
      const trace = readFileSync(join(folder, runFolder!, "trace.jsonl"), "utf8");
      const lines = trace.split("\n").filter((line) => line.includes('"LogEvent"'));
      const messages = lines.map((line) => (JSON.parse(line) as { message: string }).message);
      expect(messages.sort()).toEqual(["said over TCP", "said over UDP"]);
      expect(lines.every((line) => line.includes('"entity":"logs"'))).toBe(true);
    }, patience);
    const ended = once(inspector.child, "exit");
    inspector.child.kill("SIGINT");
    expect(await ended).toEqual([0, null]);
  });
});
