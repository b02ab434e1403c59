import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Orchestrator } from "../../../src/orchestrator/index.js";
import { createPolicyFrom, type EarlierRun, type PolicyEntry } from "../../../src/policy/index.js";
import type { Action, Event } from "../../../src/signal/index.js";
import { loadPolicy } from "../../../src/user-policy/index.js";
import { NmzError } from "../../../src/util/index.js";
import { packet } from "../../unit/policy/policy-harness.js";

let folder: string;
const benches: Bench[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzt-program-"));
});
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.end();
  rmSync(folder, { recursive: true });
});

/** A program of Node's that describes itself, and does as `body` says with each later `message`. */
function program(body: string, described = '{ nmzPolicy: 1, name: "p" }'): string {
  const text = `
    const say = (message) => process.stdout.write(JSON.stringify(message) + "\\n");
    require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
      const message = JSON.parse(line);
      if (message.type === "describe") return say(${described});
      ${body}
    });
  `;
  writeFileSync(join(folder, "program.cjs"), text);
  return `exec:${process.execPath} program.cjs`;
}

class Bench {
  readonly answers: [hint: string, action: string][] = [];
  readonly errors: string[] = [];
  readonly lines: string[] = [];
  readonly commands: string[] = [];
  readonly orchestrator: Orchestrator;

  constructor(
    entry: PolicyEntry,
    params: Record<string, unknown> = {},
    answerWithinMs?: number,
    history?: () => readonly EarlierRun[],
  ) {
    this.orchestrator = new Orchestrator({
      seed: "test",
      cpuCount: 2,
      ...(history === undefined ? {} : { history }),
      createPolicy: (context) => {
        const policy = createPolicyFrom(entry, params, context);
        return answerWithinMs === undefined ? policy : { ...policy, answerWithinMs };
      },
      runShell: (command) => this.commands.push(command),
      onError: (error, while_) => this.errors.push(`${while_}: ${(error as Error).message}`),
      onLog: (line) => this.lines.push(line),
    });
    benches.push(this);
  }

  submit(hint = "hint"): Promise<string> {
    return new Promise((done) =>
      this.orchestrator.submit(packet(hint), {
        deliver: (event: Event, action: Action) => {
          this.answers.push([event.replayHint, action.class]);
          done(action.class);
        },
      }),
    );
  }

  async end(): Promise<void> {
    this.orchestrator.stop();
    await this.orchestrator.closePolicy();
  }
}

async function errorOf(promise: Promise<unknown>): Promise<NmzError> {
  const error = await promise.then(
    () => new Error("it was accepted"),
    (reason: unknown) => reason,
  );
  if (error instanceof NmzError) return error;
  throw error;
}

const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return /^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true;
  }
};

describe("A policy that is a program", () => {
  it("may be written in Python: the example decides on packets as it says", async () => {
    const entry = await loadPolicy("exec:./late_packets.py", "examples/policies");
    expect(entry).toMatchObject({ name: "late-packets" });
    expect(Object.keys(entry.params)).toEqual(["late", "every"]);
    const bench = new Bench(entry, { late: "500ms", every: 2 });
    const startMs = performance.now();
    const [first, second, third] = ["first", "second", "third"].map((hint) => bench.submit(hint));
    await Promise.all([first, third]);
    await second;
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(500);
    expect(bench.answers.map(([hint]) => hint)).toEqual(["first", "third", "second"]);
    expect(bench.errors).toEqual([]);
    expect(() => new Bench(entry, { evry: 2 })).toThrow('unknown key "evry"; did you mean "every"?');
  });

  it("is told parameters and chance, which the seed decides, and may log, emit, and answer with a fault", async () => {
    const told = join(folder, "told");
    const entry = await loadPolicy(
      program(`
        require("node:fs").appendFileSync(${JSON.stringify(told)}, JSON.stringify([message.seed, message.random, message.params]) + "\\n");
        if (message.type === "event") {
          say({ log: "hello" });
          say({ emit: { class: "ShellAction", option: { command: "echo hello" } } });
          say({ id: message.id, action: "fault" });
        }
      `),
      folder,
    );
    for (let run = 0; run < 2; run++) {
      const bench = new Bench(entry);
      expect(await bench.submit()).toBe("PacketFaultAction");
      expect([bench.lines, bench.commands]).toEqual([['policy "p": hello'], ["echo hello"]]);
    }
    const [start, event, startAgain, eventAgain] = readFileSync(told, "utf8").trim().split("\n");
    expect([startAgain, eventAgain]).toEqual([start, event]);
    expect(JSON.parse(start!)).toEqual([expect.any(Number), null, {}]);
    expect(JSON.parse(event!)[1]).toBeGreaterThan(0);
  });

  it("is told of earlier runs where it asks for them, and answers with a fault by its name", async () => {
    const body = `
      if (message.type === "start") return say({ log: JSON.stringify(message.history) });
      say({ id: message.id, fault: "reject" });
    `;
    const history = [{ run: "a", seed: "s", failed: true, exitCode: 2, command: ["true"], endedAt: "" }];
    const given = () => history.map((run) => ({ ...run, decisions: () => [] }));
    const asking = await loadPolicy(program(body, '{ nmzPolicy: 1, name: "p", history: true }'), folder);
    const bench = new Bench(asking, {}, undefined, given);
    expect(await bench.submit()).toBe("PacketFaultAction");
    expect(bench.lines).toEqual([`policy "p": ${JSON.stringify(history)}`]);
    const notAsking = await loadPolicy(
      program(body.replace("message.history", "Object.keys(message)")),
      folder,
    );
    const other = new Bench(notAsking, {}, undefined, () => {
      throw new Error("it was asked for");
    });
    await other.submit();
    expect(other.lines).toEqual(['policy "p": ["nmzPolicy","type","params","seed","cpuCount"]']);
  });

  it("is not asked about events that it did not ask for", async () => {
    const described = '{ nmzPolicy: 1, name: "p", events: ["LogEvent"] }';
    const bench = new Bench(await loadPolicy(program("process.exit(3);", described), folder));
    bench.submit();
    expect(bench.answers).toEqual([["hint", "EventAcceptanceAction"]]);
  });

  it("fails open when it dies, which is said, and is not asked again", async () => {
    const bench = new Bench(
      await loadPolicy(program('if (message.type === "event") process.exit(3);'), folder),
    );
    expect(await bench.submit()).toBe("EventAcceptanceAction");
    expect(await bench.submit()).toBe("EventAcceptanceAction");
    expect(bench.errors).toEqual([
      'policy "p" was deciding on a PacketEvent: its program ended with exit code 3; events go on unshaken',
    ]);
  });

  it("that never answers is given up on", async () => {
    const bench = new Bench(await loadPolicy(program(""), folder), {}, 50);
    expect(await bench.submit()).toBe("EventAcceptanceAction");
    expect(bench.errors).toEqual(['policy "p" was awaited on a PacketEvent: it gave no answer within 50ms']);
  });

  it("may answer twice, for what it was not asked, and write nonsense: each is said once", async () => {
    const bench = new Bench(
      await loadPolicy(
        program(`
          if (message.type !== "event") return;
          process.stdout.write("nonsense\\nnull\\n");
          say({ id: 4711 });
          say({ id: message.id, action: "fault" });
          say({ id: message.id });
        `),
        folder,
      ),
    );
    expect(await bench.submit("first")).toBe("PacketFaultAction");
    expect(await bench.submit("second")).toBe("PacketFaultAction");
    expect(bench.answers.length).toBe(2);
    expect(bench.lines).toEqual([
      expect.stringMatching(/it wrote what is no line of the protocol .*: nonsense$/),
      expect.stringMatching(/it answered 4711, which it was not asked or had answered already$/),
    ]);
  });

  it("that answers with junk has its event accepted, and is told of", async () => {
    const body = 'if (message.type === "event") say({ id: message.id, delayMs: "soon" });';
    const bench = new Bench(await loadPolicy(program(body), folder));
    expect(await bench.submit()).toBe("EventAcceptanceAction");
    expect(bench.errors).toEqual([expect.stringContaining('delayMs: expected a number, got "soon"')]);
  });

  it("ends with the run, with what it started, even if it does not want to", async () => {
    const pids = join(folder, "pids");
    const body = `
      if (message.type !== "event") return;
      const child = require("node:child_process").spawn("sleep", ["1000"]);
      setInterval(() => {}, 1000);
      require("node:fs").writeFileSync(${JSON.stringify(pids)}, process.pid + " " + child.pid);
      say({ id: message.id });
    `;
    const bench = new Bench(await loadPolicy(program(body), folder));
    await bench.submit();
    expect(existsSync(pids)).toBe(true);
    const [own = 0, child = 0] = readFileSync(pids, "utf8").split(" ").map(Number);
    await bench.end();
    await vi.waitFor(() => expect([own, child].map(isGone)).toEqual([true, true]), { timeout: 10_000 });
    expect(bench.errors).toEqual([]);
  });

  it("ends with the run although a daemon that it left holds its output open", async () => {
    const pids = join(folder, "pids");
    const body = `
      if (message.type !== "event") return;
      const options = { detached: true, stdio: "inherit" };
      const child = require("node:child_process").spawn("sleep", ["1000"], options);
      require("node:fs").writeFileSync(${JSON.stringify(pids)}, String(child.pid));
      say({ id: message.id });
    `;
    const entry = await loadPolicy(program(body), folder);
    let closed: unknown;
    const watched = {
      ...entry,
      create: (...args: Parameters<PolicyEntry["create"]>) => {
        const policy = entry.create(...args);
        return { ...policy, close: () => (closed = policy.close?.()) };
      },
    };
    const bench = new Bench(watched);
    await bench.submit();
    const daemon = Number(readFileSync(pids, "utf8"));
    try {
      await bench.end();
      await closed;
      expect(isGone(daemon)).toBe(false); // it is a session of its own, and the user's
    } finally {
      process.kill(daemon, "SIGKILL");
    }
  });

  it.each<[string, () => string, RegExp]>([
    ["that is not there", () => "exec:./nothing.py", /nothing\.py" cannot be used: .*ENOENT/],
    [
      "that says nothing and ends",
      () => program("", "process.exit(2)"),
      /it ended with exit code 2 before it said what it is/,
    ],
    [
      "that complains",
      () => program("", '(() => { throw new Error("no module named x"); })()'),
      /no module named x/,
    ],
    ["that says something else", () => program("", '"hello"'), /expected a JSON object in one line/],
    ["of another version", () => program("", "{ nmzPolicy: 2 }"), /it speaks version 2 of the protocol/],
  ])("%s is refused before anything starts", async (_, name, message) => {
    const error = await errorOf(loadPolicy(name(), folder));
    expect([error.code, error.message]).toEqual(["NMZ_POLICY_PROGRAM", expect.stringMatching(message)]);
  });

  it("makes file systems crash, at the event that the same line answers", async () => {
    const emit = '{ class: "FilesystemCrashAction", option: { filesystem: "disk" } }';
    const entry = await loadPolicy(
      program(`if (message.type === "event") say({ id: message.id, emit: ${emit} });`),
      folder,
    );
    const bench = new Bench(entry);
    const order: string[] = [];
    const crashed = new Promise<void>((resolve) => {
      bench.orchestrator.crashes.offer({
        entities: ["disk"],
        async crash() {
          order.push("crash");
          resolve();
          return { lost: [], failed: [] };
        },
      });
    });
    await Promise.all([bench.submit("a"), crashed]);
    expect(order).toEqual(["crash"]);
    expect(bench.answers).toEqual([["a", "EventAcceptanceAction"]]);
    expect(bench.errors).toEqual([]);
    expect(bench.lines).toEqual([]);
  });
});
