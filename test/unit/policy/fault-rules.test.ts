import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { faultKinds, parseAutopilot } from "../../../src/config/index.js";
import {
  createPolicy,
  FaultRules,
  idleRules,
  injectedFaults,
  type Policy,
  renderFaultDocs,
} from "../../../src/policy/index.js";
import {
  type Action,
  actionFromJson,
  type Event,
  FilesystemEvent,
  ProcSetEvent,
} from "../../../src/signal/index.js";
import { packet, TestContext } from "./policy-harness.js";

function rulesOf(toml: string) {
  return parseAutopilot(toml, "toml", "test.toml").autopilot.faults;
}

function wrapped(
  toml: string,
  policyName = "random",
  params: Record<string, unknown> = { maxInterval: "50ms" },
) {
  const context = new TestContext("seed");
  const rules = new FaultRules(rulesOf(toml), "seed", context.clock);
  return { context, rules, policy: rules.around(createPolicy(policyName, params, context)) };
}

type Decided = { delayMs: number; action: Action };
const ask = (policy: Policy, event: Event) => policy.onEvent(event) as Decided;

const drop = '[[faults]]\nfault = "drop"\nprobability = 0.4\n';
const others = [
  '[[faults]]\nfault = "duplicate"\nprobability = 0.3\n',
  '[[faults]]\nfault = "corrupt"\nprobability = 0.5\natMost = 3\n',
  '[[faults]]\nfault = "reject"\nskip = 4\nprobability = 0.2\n',
];

describe("FaultRules", () => {
  const hints = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 60 });

  it("never change what the policy decides on delays, whatever they are", () => {
    fc.assert(
      fc.property(hints, fc.subarray([drop, ...others]), (events, chosen) => {
        const plain = wrapped("");
        const ruled = wrapped(chosen.join(""));
        for (const hint of events)
          expect(ask(ruled.policy, packet(hint)).delayMs).toBe(ask(plain.policy, packet(hint)).delayMs);
      }),
    );
  });

  it("do the same faults with the same seed, and a rule more behind them changes none of theirs", () => {
    fc.assert(
      fc.property(hints, fc.subarray(others), (events, more) => {
        const drops = (toml: string) => {
          const { policy } = wrapped(toml);
          return events.map((hint) => {
            const { action } = ask(policy, packet(hint));
            return action.class === "PacketFaultAction" && action.option["fault"] === undefined;
          });
        };
        expect(drops(drop)).toEqual(drops(drop));
        expect(drops(drop + more.join(""))).toEqual(drops(drop));
      }),
    );
  });

  it("cost nothing where there are none", () => {
    const context = new TestContext();
    const policy = createPolicy("random", {}, context);
    expect(new FaultRules([], "seed", context.clock).around(policy)).toBe(policy);
  });

  it.each(Object.entries(faultKinds))(
    "make of every kind an answer that its inspector reads: %s",
    (fault, { on }) => {
      const groups = fault === "partition" ? 'between = [["10.0.0.1"]]\n' : "";
      const { policy } = wrapped(`[[faults]]\nfault = "${fault}"\n${groups}`);
      const event =
        on === "packets"
          ? packet()
          : on === "processes"
            ? new ProcSetEvent("proc", [1, 2])
            : new FilesystemEvent("fs", faultKinds[fault]?.op?.[0] ?? "pre-write", "a/b.log");
      const { action, delayMs } = ask(policy, event);
      if (fault === "delay" || fault === "slow-fsync") {
        expect(delayMs).toBeGreaterThanOrEqual(100);
        expect(action.class).toBe("EventAcceptanceAction");
        return;
      }
      expect(action.class).toMatch(/FaultAction$/);
      expect(actionFromJson(JSON.parse(JSON.stringify(action)), event)).toEqual(action);
    },
  );

  it("carry a policy's attributes along with what they do to a process", () => {
    const { policy } = wrapped('[[faults]]\nfault = "pause"\nprocess = "java"\nfor = "2s"\n', "random", {
      procPolicy: "mild",
    });
    const { action } = ask(policy, new ProcSetEvent("proc", [7, 8]));
    expect(action).toMatchObject({
      class: "ProcFaultAction",
      fault: { kind: "pause", forMs: 2000, process: "java" },
    });
    expect(Object.keys((action.option["attrs"] as object) ?? {})).toEqual(["7", "8"]);
  });

  it("match files by operation and path", () => {
    const { policy } = wrapped(
      '[[faults]]\nfault = "ENOSPC"\npath = "*.log"\nop = "pre-write"\n',
      "dumb",
      {},
    );
    const answer = (op: "pre-write" | "pre-fsync", path: string) =>
      ask(policy, new FilesystemEvent("fs", op, path)).action.option["fault"];
    expect(answer("pre-write", "data/x.log")).toEqual({ kind: "errno", errno: "ENOSPC" });
    expect(answer("pre-write", "data/x.txt")).toBeUndefined();
    expect(answer("pre-fsync", "data/x.log")).toBeUndefined();
  });

  it.each([
    ['protocol = "tcp"\nports = [2]\ndirection = "output"', "tcp:output:local>10.0.0.2:2:syn", true],
    ['protocol = "udp"', "tcp:output:local>10.0.0.2:2:syn", false],
    ['direction = "input"', "tcp:output:local>10.0.0.2:2:syn", false],
    ['ports = ["3-9"]', "x", false],
    ['from = "10.0.0.1"', "x", true],
    ['from = "10.0.0.*"\nto = "10.0.0.2:2"', "x", true],
    ['to = "10.0.0.1"', "x", false],
    ['entity = "n*"', "x", true],
    ['entity = "fs"', "x", false],
  ])("match packets: %s", (matcher, hint, isMatched) => {
    const { policy } = wrapped(`[[faults]]\nfault = "drop"\n${matcher}\n`, "dumb", {});
    expect(ask(policy, packet(hint)).action.class === "PacketFaultAction").toBe(isMatched);
  });

  it("part two groups both ways for as long as it lasts, again and again", () => {
    const toml =
      '[[faults]]\nfault = "partition"\nbetween = [["10.0.0.2"]]\nafter = "1s"\nlasts = "2s"\nevery = "10s"\n';
    const { policy, context } = wrapped(toml, "dumb", {});
    const lost: number[] = [];
    for (let second = 0; second < 20; second++) {
      context.nowMs = second * 1000;
      if (ask(policy, packet()).action.class === "PacketFaultAction") lost.push(second);
    }
    expect(lost).toEqual([1, 2, 11, 12]);
  });

  it("count what they skip and do at most", () => {
    const { policy, rules } = wrapped('[[faults]]\nfault = "drop"\nskip = 2\natMost = 3\n', "dumb", {});
    const classes = Array.from(
      { length: 8 },
      () => ask(policy, packet()).action.class === "PacketFaultAction",
    );
    expect(classes).toEqual([false, false, true, true, true, false, false, false]);
    expect(rules.report()).toMatchObject([{ place: 1, fault: "drop", events: 8, matched: 8, done: 3 }]);
  });

  it("add to a delay, and to an answer that was promised", async () => {
    const context = new TestContext();
    const rules = new FaultRules(rulesOf('[[faults]]\nfault = "delay"\nby = "70ms"\n'), "s", context.clock);
    const policy = rules.around({
      name: "later",
      onEvent: async (event) => ({ delayMs: 5, action: event.defaultAction() }),
    });
    expect(await policy.onEvent(packet())).toMatchObject({ delayMs: 75 });
    expect(injectedFaults({ drop: 1 }, rules.report())).toEqual({ drop: 1, delay: 1 });
  });

  it("say which of them did nothing, and why", () => {
    const { policy, rules } = wrapped(
      '[[faults]]\nfault = "ENOSPC"\nop = "pre-write"\npath = "*.log"\n[[faults]]\nfault = "drop"\nports = [99]\n[[faults]]\nfault = "reject"\nafter = "1h"\n',
    );
    for (let i = 0; i < 3; i++) ask(policy, packet());
    expect(idleRules(rules.report())).toEqual([
      "fault rule 1 (ENOSPC on pre-write of *.log) matched nothing: no file operation event came",
      "fault rule 2 (drop on packets of port 99) matched nothing: 3 packet events came, none of that kind",
      "fault rule 3 (reject on packets) did nothing: 3 events matched, and none was drawn in its time",
    ]);
  });
});

describe("docs/faults.md", () => {
  it("holds the tables that rules are read by", () => {
    const page = readFileSync("docs/faults.md", "utf8");
    expect(renderFaultDocs(page)).toBe(page);
  });
});
