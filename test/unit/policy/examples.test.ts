import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Orchestrator } from "../../../src/orchestrator/index.js";
import { createPolicyFrom, type PolicyEntry, PolicyTrial } from "../../../src/policy/index.js";
import { type Event, LogEvent } from "../../../src/signal/index.js";
import { loadPolicy } from "../../../src/user-policy/index.js";
import { packet } from "./policy-harness.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzt-policy-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("docs/write-a-policy.md", () => {
  let entry: PolicyEntry;
  beforeAll(async () => {
    const page = readFileSync("docs/write-a-policy.md", "utf8");
    const snippet = /```ts\n([\s\S]*?)```/.exec(page)![1]!;
    expect(snippet.trim().split("\n").length).toBeLessThanOrEqual(20);
    writeFileSync(join(folder, "slow-fsync.ts"), snippet);
    entry = await loadPolicy("./slow-fsync.ts", folder);
  });

  it("shows a policy that does what it says", async () => {
    const trial = new PolicyTrial(entry, { late: "1s" });
    const delays = new Set<number>();
    for (let index = 0; index < 100; index++) {
      delays.add((await trial.ask(trial.file("pre-fsync", `${index}.log`))).delayMs);
    }
    expect([...delays].sort()).toEqual([0, 1000]);
    expect(await trial.ask(trial.file("pre-fsync", "a.txt"))).toMatchObject({ delayMs: 0 });
    expect(await trial.ask(trial.packet())).toMatchObject({ delayMs: 0 });
  });

  it("says of the context what the context has", async () => {
    const page = readFileSync("docs/write-a-policy.md", "utf8");
    const given: string[] = [];
    const { definePolicy } = await import("../../../src/index.js");
    const spy = definePolicy({
      name: "spy",
      create: (context) => {
        given.push(...Object.keys(context));
        return { onEvent: () => {} };
      },
    });
    new PolicyTrial(spy);
    for (const name of given) expect(page).toMatch(new RegExp(`^\\|.*\`${name}[\`(]`, "m"));
  });
});

describe("examples/policies/on-log-line.ts", () => {
  const line = (message: string) =>
    new LogEvent("syslog", { srcEntity: "entity-127.0.0.1:514", message, replayHint: message });

  it("holds the packets of one end, and runs a command, from a matching line until the window is over", async () => {
    const entry = await loadPolicy("./on-log-line.ts", "examples/policies");
    const commands: string[] = [];
    const lines: string[] = [];
    const answered: string[] = [];
    const orchestrator = new Orchestrator({
      seed: "test",
      cpuCount: 2,
      createPolicy: (context) =>
        createPolicyFrom(
          entry,
          {
            pattern: "became (leader|observer)",
            holdPacketsOf: "10.0.0.2",
            window: "500ms",
            command: "true",
          },
          context,
        ),
      runShell: (command) => commands.push(command),
      onLog: (text) => lines.push(text),
    });
    const submit = (event: Event) =>
      new Promise<void>((done) =>
        orchestrator.submit(event, {
          deliver: (which) => {
            answered.push(which.replayHint);
            done();
          },
        }),
      );
    await submit(packet("before"));
    orchestrator.submit(line("node 1 started"), { deliver: () => {} });
    await submit(packet("unrelated line"));
    const startMs = performance.now();
    orchestrator.submit(line("node 2 became leader"), { deliver: () => {} });
    const held = [submit(packet("first")), submit(packet("second"))];
    expect(orchestrator.counts).toMatchObject({ held: 2, errors: 0 });
    await Promise.all(held);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(499);
    await submit(packet("after"));
    expect(answered).toEqual(["before", "unrelated line", "first", "second", "after"]);
    expect(commands).toEqual(["true"]);
    expect(lines).toEqual(['policy "on-log-line": holding packets, because of "node 2 became leader"']);
    orchestrator.stop();
  });

  it("lets the packets of others go, and needs a pattern", async () => {
    const entry = await loadPolicy("./on-log-line.ts", "examples/policies");
    const trial = new PolicyTrial(entry, { pattern: "leader", holdPacketsOf: "10.0.0.9" });
    await trial.ask(trial.log("leader"));
    expect(await trial.ask(trial.packet())).toMatchObject({ delayMs: 0 });
    expect(await trial.ask(trial.packet({ to: "entity-10.0.0.9:80" }))).toMatchObject({ delayMs: 200 });
    trial.advance(200);
    expect(await trial.ask(trial.packet({ to: "entity-10.0.0.9:80" }))).toMatchObject({ delayMs: 0 });
    expect(() => new PolicyTrial(entry)).toThrow("pattern: expected a regular expression");
  });
});
