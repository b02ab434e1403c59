import { describe, expect, it } from "vitest";
import { parseDockerConfig } from "../../../runtime/engine/docker-config.js";
import { parseRegister } from "../../../runtime/kernel/cgroup/realtime-register.js";
import { parseBytes, parseDurationNs, parseNanoCpus } from "../../../src/cli/flags/index.js";
import { parseMount } from "../../../src/cli/run/mount-spec.js";
import { parseNetwork } from "../../../src/cli/run/network-spec.js";
import { parseUlimit } from "../../../src/cli/run/ulimit-spec.js";
import { parseAutopilot } from "../../../src/config/index.js";
import { progressBar } from "../../../src/container/pull/progress-bar.js";
import { readOrigins } from "../../../src/container/volumes/resolve-volumes.js";
import { answerOf, readFrameLabel } from "../../../src/inspector/hookswitch/frame-label.js";
import { lineEvent } from "../../../src/inspector/syslog/line-event.js";
import { parseJournal } from "../../../src/journal/index.js";
import { Orchestrator } from "../../../src/orchestrator/index.js";
import type { Decision } from "../../../src/policy/index.js";
import {
  Action,
  actionFromJson,
  type Event,
  eventFromJson,
  SignalError,
  streamProtocol,
} from "../../../src/signal/index.js";
import { StreamLink } from "../../../src/transceiver/stream/stream-link.js";
import { parse } from "../cli/run/parse.js";
import { packet } from "../policy/policy-harness.js";
import { deeplyNested } from "./damaged-json.js";

/** What the fuzz has found, each with its input. */
describe("Signals that were too deep for the stack", () => {
  const event = { class: "NopEvent", uuid: "u", entity: "e", option: {} };

  it.each(["class", "option", "uuid"])("names the key where %s is", (key) => {
    const value = { ...event, [key]: [deeplyNested(20_000)] };
    expect(() => eventFromJson(value)).toThrow(SignalError);
    expect(() => actionFromJson(value, packet())).toThrow(SignalError);
  });

  it("names a member that nobody reads: it is to be written again", () => {
    expect(() => eventFromJson({ ...event, other: deeplyNested(20_000) })).toThrow(
      /^other: expected at most 200/,
    );
    expect(() => eventFromJson({ ...event, option: { message: deeplyNested(20_000) } })).toThrow(
      /^option\.message: expected at most 200 levels of nesting, got an object nested too deep to be shown$/,
    );
  });
});

describe("Config that broke its own error message", () => {
  it("is told of on one line, with a picture below", () => {
    expect(() => parseAutopilot('b: "dou\\x\n  c"\n', "yaml", "x.yaml")).toThrow(
      /^x\.yaml:1:8: Invalid escape sequence \\x\n {2}1 \| b: "dou\\x\n/,
    );
  });
});

describe("Numbers that the engine would have read as others", () => {
  it.each([
    ["sizes", () => parseBytes("1e999")],
    ["sizes", () => parseBytes(`${"9".repeat(40)}k`)],
    ["CPUs", () => parseNanoCpus("9".repeat(40))],
    ["durations", () => parseDurationNs("804434343434343435s")],
    ["limits", () => parseUlimit(`nofile=1024:${"2048".repeat(7)}`)],
  ])("are out of range: %s", (_, read) => {
    expect(read).toThrow("out of range");
  });
});

describe("Texts that took minutes to read", () => {
  it("is a network's name, however long", () => {
    expect(parseNetwork("a".repeat(4_000_000)).aliases).toEqual([]);
  });

  it("is no size, however long", () => {
    expect(() => parseBytes("5".repeat(4_000_000))).toThrow("out of range");
    expect(() => parseBytes(`${"5".repeat(4_000_000)}x`)).toThrow("invalid size");
  });
});

describe("Names that JavaScript has a use for", () => {
  it("are labels and options like any other", () => {
    const body = parse("-l __proto__=x -l a=b ubuntu").body;
    expect(Object.entries(body.Labels ?? {})).toEqual([
      ["__proto__", "x"],
      ["a", "b"],
    ]);
    const mount = parseMount("dst=/x,volume-label=__proto__=y,volume-opt=__proto__=z", "/");
    expect(Object.keys("volume" in mount ? mount.volume.labels : {})).toEqual(["__proto__"]);
    expect(Object.keys("volume" in mount ? mount.volume.driverOptions : {})).toEqual(["__proto__"]);
    expect(Object.keys(parseNetwork("name=n,driver-opt=__proto__=x").driverOptions)).toEqual(["__proto__"]);
  });
});

describe("Files that other programs can have written", () => {
  it.each([
    ['{"auths":5}', "auths is no object"],
    ['{"auths":{"localhost:5000":null}}', 'auths["localhost:5000"] is no object'],
    ['{"auths":{"localhost:5000":{"auth":5}}}', 'auths["localhost:5000"].auth is no string'],
    ['{"credsStore":{}}', "credsStore is no string"],
    ['{"credHelpers":{"ghcr.io":1}}', "credHelpers.ghcr.io is no string"],
    ["[]", "the file is no object"],
  ])("is a docker config that names what is wrong: %s", (text, reason) => {
    expect(() => parseDockerConfig(text, "config.json")).toThrow(`config.json is not valid: ${reason}`);
  });

  it("takes null in a docker config for nothing", () => {
    const text = '{"auths":{"a.b":{"auth":null,"username":"jo"}},"credsStore":null}';
    expect(parseDockerConfig(text, "x")).toEqual({
      auths: { "a.b": { username: "jo" } },
      credHelpers: {},
      proxies: {},
    });
  });

  const journal = { nmzJournal: 1, runId: "r", seed: "s", pid: 1, startTicks: 2 };
  it.each([
    ["no object", null],
    ["no records", journal],
    ["a record that is nothing", { ...journal, records: [null] }],
    ["a record of a later version", { ...journal, records: [{ kind: "quantum" }] }],
    ["half a record", { ...journal, records: [{ kind: "mount" }] }],
  ])("is no journal that is undone: %s", (_, value) => {
    expect(parseJournal(JSON.stringify(value))).toBeUndefined();
  });

  it("is a register of which the whole part is read", () => {
    const whole = { pid: 1, startTicks: 2, folder: "/f", originalUs: 3 };
    const text = JSON.stringify({ holders: [whole, null, { pid: "1" }], ancestors: { "/a": 1, "/b": "x" } });
    expect(parseRegister(text)).toEqual({ holders: [whole], ancestors: { "/a": 1 } });
    expect(parseRegister('{"holders":5}')).toEqual({ holders: [], ancestors: {} });
  });

  it("is a container's label that is none of ours", () => {
    expect([...readOrigins("not JSON"), ...readOrigins("null"), ...readOrigins('{"/a":1}')]).toEqual([]);
    expect([...readOrigins('{"/a":"/b"}')]).toEqual([["/a", "/b"]]);
  });
});

describe("A label of HookSwitch's deeper than the stack", () => {
  it("is answered by its id alone", () => {
    const label = readFrameLabel(Buffer.from(`{"id":7,"x":${"[".repeat(20_000)}${"]".repeat(20_000)}}`));
    expect(JSON.parse(answerOf(label, "accept"))).toEqual({ id: 7, op: "accept" });
  });
});

describe("An orchestrator's message that is no text", () => {
  it("costs its event its answer, and nothing else", () => {
    const told: string[] = [];
    const socket = { bufferedAmount: 0, send: () => {}, ping: () => {}, close: async () => {} };
    const listener = {
      onAction: () => {},
      onEntityLost: () => {},
      onRefused: (uuid: string) => told.push(uuid),
      onNotice: () => told.push("notice"),
      onGone: (reason: string) => told.push(reason),
    };
    const hello = {
      type: "hello",
      protocol: streamProtocol,
      limits: { message_bytes: 1 << 20, events: 1 },
    } as const;
    const link = new StreamLink(socket, hello, listener);
    link.onMessage(
      '[{"type":"error","event_uuid":"u","message":{"toString":null}},{"type":"error","message":{"toString":1}}]',
    );
    expect(told).toEqual(["u", "notice"]);
    link.onClose("gone");
  });
});

describe("A program's name in a log line, as long as the line", () => {
  it("is cut in the hint", () => {
    const text = `<165>1 2003-10-11T22:14:15Z m ${"a".repeat(60_000)} - ${"b".repeat(600)} - text`;
    const { event } = lineEvent("syslog", { srcEntity: "s", text, isCut: false });
    expect(event.replayHint.length).toBeLessThan(700);
  });
});

describe("Progress below nothing", () => {
  it("is an empty bar", () => {
    expect(progressBar({ id: undefined, status: "", currentBytes: -1, totalBytes: 1 }, 200)).toMatch(
      /^\[> {50}\]/,
    );
  });
});

describe("Policies that left an event unanswered", () => {
  class TrapAction extends Action {
    readonly class = "TrapAction";

    constructor(event: Event) {
      super(event);
      Object.defineProperty(this, "isDelivered", {
        get: () => {
          throw new Error("junk");
        },
      });
    }
  }

  const answersOf = (onEvent: (event: Event, orchestrator: Orchestrator) => unknown): string[] => {
    const classes: string[] = [];
    const orchestrator: Orchestrator = new Orchestrator({
      seed: "s",
      cpuCount: 1,
      createPolicy: () => ({ name: "mad", onEvent: (event) => onEvent(event, orchestrator) as Decision }),
    });
    orchestrator.submit(packet(), { deliver: (_, action) => classes.push(action.class) });
    orchestrator.stop();
    return classes;
  };

  it("answers with an action that cannot be asked anything", () => {
    expect(answersOf((event) => ({ delayMs: 0, action: new TrapAction(event) }))).toEqual([
      "EventAcceptanceAction",
    ]);
  });

  it("answers with what only looks like an action", () => {
    expect(answersOf((event) => ({ delayMs: 0, action: { event, isDelivered: true } }))).toEqual([
      "EventAcceptanceAction",
    ]);
  });

  it("answers with another delay at the second look", () => {
    const delays = [50, Number.NaN];
    const answer = (event: Event) => ({
      action: event.defaultAction(),
      get delayMs() {
        return delays.shift();
      },
    });
    expect(answersOf(answer)).toEqual(["EventAcceptanceAction"]);
  });

  it("ends everything while it decides", () => {
    const answer = (event: Event, orchestrator: Orchestrator) => {
      orchestrator.stop();
      return { delayMs: 60_000, action: event.defaultAction() };
    };
    expect(answersOf(answer)).toEqual(["EventAcceptanceAction"]);
  });
});
