import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readRunLog } from "../../../src/container/background/run-log.js";

const nmz = join(import.meta.dirname, "../../../dist/bin/nmz.js");

let folder: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzt-policy-"));
  writeFileSync(
    join(folder, "mine.ts"),
    `import { definePolicy, LogEvent, PacketEvent, probability } from "nmzc";

export default definePolicy({
  name: "mine",
  params: { loss: probability(0, { meaning: "how much is lost after the line" }) },
  create({ params, randomFor, drop, log }) {
    let isLossy = false;
    return {
      onEvent(event) {
        if (event instanceof LogEvent) {
          isLossy = event.message.includes("leader");
          log("lossy: " + isLossy);
        }
        if (isLossy && event instanceof PacketEvent && randomFor(event).next() < params.loss) return drop(event);
      },
    };
  },
});
`,
  );
  writeFileSync(join(folder, "mine.toml"), 'explorePolicy = "mine.ts"\n[explorePolicyParam]\nloss = 1.0\n');
});
afterEach(async () => {
  if (child !== undefined && child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child!.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }
  rmSync(folder, { recursive: true });
});

describe("nmz orchestrator", () => {
  it("lets a policy of the user's own act on a log line that comes over the wire", async () => {
    const output: string[] = [];
    child = spawn(process.execPath, [nmz, "orchestrator", join(folder, "mine.toml"), "--rest-port", "0"], {
      cwd: "/",
    });
    for (const stream of [child.stdout!, child.stderr!])
      stream.on("data", (chunk) => output.push(String(chunk)));
    const said = () => output.join("");
    const url = await vi.waitFor(() => /http:\/\/127\.0\.0\.1:\d+/.exec(said())![0], {
      timeout: 20_000,
      interval: 50,
    });
    let count = 0;
    const post = async (name: string, option: object) => {
      const uuid = `1f13eaa6-5b92-45f0-a4de-1236081d${String(++count).padStart(4, "0")}`;
      const event = {
        type: "event",
        class: name,
        entity: "e",
        uuid,
        deferred: name === "PacketEvent",
        option,
        replay_hint: "x",
      };
      const response = await fetch(`${url}/api/v3/events/e/${uuid}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(event),
      });
      expect(response.status).toBe(200);
    };
    const nextAction = async (): Promise<string> => {
      const action = (await (await fetch(`${url}/api/v3/actions/e`)).json()) as {
        class: string;
        uuid: string;
      };
      await fetch(`${url}/api/v3/actions/e/${action.uuid}`, { method: "DELETE" });
      return action.class;
    };
    const packet = { src_entity: "a", dst_entity: "b" };
    await post("PacketEvent", packet);
    expect(await nextAction()).toBe("EventAcceptanceAction");
    await post("LogEvent", { src_entity: "a", message: "became leader" });
    await post("PacketEvent", packet);
    expect(await nextAction()).toBe("PacketFaultAction");
    expect(said()).toContain('policy "mine": lossy: true');
    const ended = new Promise((resolve) => child!.once("exit", resolve));
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });

  it("ends, and says why, when a policy loops for ever", async () => {
    writeFileSync(
      join(folder, "mine.ts"),
      `import { definePolicy, probability } from "nmzc";
export default definePolicy({
  name: "mine",
  params: { loss: probability(0, { meaning: "nothing" }) },
  answerWithinMs: 100,
  create: ({ after }) => {
    after(1, () => { for (;;); });
    return { onEvent() {} };
  },
});
`,
    );
    const output: string[] = [];
    child = spawn(process.execPath, [nmz, "orchestrator", join(folder, "mine.toml"), "--rest-port", "0"]);
    child.stderr!.on("data", (chunk) => output.push(String(chunk)));
    const end = await new Promise((resolve) => child!.once("close", (_code, signal) => resolve(signal)));
    expect([end, output.join("")]).toEqual([
      "SIGKILL",
      expect.stringContaining('policy "mine" has blocked everything for 3 s, as an endless loop does'),
    ]);
  });

  it("leaves the reason in the run's log, where a supervisor without stderr has it read", async () => {
    writeFileSync(
      join(folder, "mine.ts"),
      `import { definePolicy } from "nmzc";
export default definePolicy({
  name: "mine",
  answerWithinMs: 100,
  create: ({ after }) => {
    after(1, () => { for (;;); });
    return { onEvent() {} };
  },
});
`,
    );
    writeFileSync(join(folder, "mine.toml"), 'explorePolicy = "mine.ts"\n');
    const log = join(folder, "runs.log");
    const script = `
      import { loadAutopilotWithPolicy } from "${join(import.meta.dirname, "../../../dist/src/user-policy/index.js")}";
      const [file, log] = process.argv.slice(1);
      const { policies } = await loadAutopilotWithPolicy(file, { file: log, runId: "one" });
      policies.get("mine.ts").create({}, { after: (ms, tick) => setTimeout(tick, ms) });
    `;
    const words = ["--input-type=module", "-e", script, join(folder, "mine.toml"), log];
    child = spawn(process.execPath, words, { stdio: "ignore" });
    expect(await new Promise((resolve) => child!.once("close", (_code, signal) => resolve(signal)))).toBe(
      "SIGKILL",
    );
    expect(readRunLog("one", log)).toEqual([
      expect.stringMatching(
        /^policy "mine" has blocked everything for 3 s, .*: ending; `nmzc prune` removes what is left$/,
      ),
    ]);
  });

  it("says what is wrong with the policy before it opens anything", async () => {
    writeFileSync(join(folder, "mine.ts"), "export const a = 1;\n");
    const output: string[] = [];
    child = spawn(process.execPath, [nmz, "orchestrator", join(folder, "mine.toml"), "--rest-port", "0"]);
    child.stderr!.on("data", (chunk) => output.push(String(chunk)));
    expect(await new Promise((resolve) => child!.once("close", resolve))).toBe(125);
    expect(output.join("")).toMatch(/mine\.toml:1: explorePolicy: ".*mine\.ts" exports no policy/);
  });
});
