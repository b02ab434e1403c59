import { afterAll, describe, expect, it } from "vitest";
import { loadAutopilot } from "../../../src/config/index.js";
import { Orchestrator } from "../../../src/orchestrator/index.js";
import { createPolicy, policies } from "../../../src/policy/index.js";
import {
  type Action,
  type ActionSink,
  type Event,
  FilesystemEvent,
  LogEvent,
  PacketEvent,
  ProcSetEvent,
} from "../../../src/signal/index.js";
import { LocalTransceiver, openTransceiver, type Transceiver } from "../../../src/transceiver/index.js";
import { requires } from "../../helpers/requires.js";
import { ConfigFile, OrchestratorProcess } from "./orchestrator-process.js";

requires("built");

const seed = "same answers";
const config = new ConfigFile({
  explorePolicy: "random",
  explorePolicyParam: { minInterval: "0ms", maxInterval: "20ms", faultActionProbability: 0.3 },
});
afterAll(() => config.dispose());

/** What three inspectors see: packets with bytes, file operations, threads; and lines that nobody holds. */
function scenario(): Event[] {
  const events: Event[] = [];
  for (let number = 0; number < 60; number++) {
    const bytes = Uint8Array.from({ length: 40 + number }, (_, index) => (index * number) % 256);
    const source = {
      srcEntity: "entity-10.0.0.1:1",
      dstEntity: "entity-10.0.0.2:2",
      bytes,
      retain: () => {},
    };
    events.push(new PacketEvent("net", { ...source, replayHint: `hint ${number % 7}` }));
    events.push(new FilesystemEvent("disk of a/b", "pre-mkdir", `folder ${number % 5}/ä "quoted"`));
    events.push(new ProcSetEvent("threads", [number + 1, number + 2]));
    events.push(
      new LogEvent("log", {
        srcEntity: "entity-10.0.0.1:514",
        message: `line ${number}`,
        replayHint: "line",
      }),
    );
  }
  return events;
}

/** Of each event: its entity, hint and what it was answered with. Waits for the events that are answered. */
async function play(transceiver: Transceiver): Promise<string[]> {
  const answers = new Map<Event, Action>();
  let check: () => void = () => {};
  const sink: ActionSink = {
    deliver: (event, action) => {
      if (answers.has(event)) throw new Error(`${event.uuid} was answered twice`);
      answers.set(event, action);
      check();
    },
  };
  const events = scenario();
  const answered = events.filter((event) => event.class !== "LogEvent");
  const all = new Promise<void>((resolve) => {
    check = () => {
      if (answered.every((event) => answers.has(event))) resolve();
    };
  });
  for (const event of events) transceiver.send(event, sink);
  await all;
  return events.map((event) => {
    const action = answers.get(event);
    return `${event.entity}: ${event.replayHint} → ${action?.class} ${JSON.stringify(action?.option)}`;
  });
}

async function playLocally(): Promise<string[]> {
  const { explorePolicy, explorePolicyParam } = loadAutopilot(config.path, policies).autopilot;
  const orchestrator = new Orchestrator({
    seed,
    cpuCount: 2,
    createPolicy: (context) => createPolicy(explorePolicy, explorePolicyParam, context),
  });
  return await play(new LocalTransceiver(orchestrator));
}

describe("one scenario, one seed", () => {
  it.each(["rest", "auto"] as const)(
    "is answered as in the inspector's own process, over the wire %s",
    { timeout: 20_000 },
    async (wire) => {
      const warnings: string[] = [];
      const fresh = await OrchestratorProcess.start(config.path, { seed });
      const transceiver = await openTransceiver(fresh.url, {
        wire,
        onWarning: (line) => warnings.push(line),
      });
      try {
        expect(transceiver.wire).toBe(wire === "rest" ? "rest" : "stream");
        const answers = await play(transceiver);
        const classes = new Set(answers.map((line) => /→ (\w+)/.exec(line)?.[1]));
        expect(classes).toContain("PacketFaultAction");
        expect(classes).toContain("FilesystemFaultAction");
        expect(classes).toContain("ProcSetSchedAction");
        expect(answers).toEqual(await playLocally());
        expect(warnings).toEqual([]);
      } finally {
        await transceiver.close();
        await fresh.end();
      }
    },
  );
});
