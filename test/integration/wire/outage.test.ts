import { afterEach, describe, expect, it } from "vitest";
import type { Action, ActionSink, Event } from "../../../src/signal/index.js";
import { FilesystemEvent, ProcSetEvent } from "../../../src/signal/index.js";
import { openTransceiver, type RemoteTransceiver } from "../../../src/transceiver/index.js";
import { requires } from "../../helpers/requires.js";
import { ConfigFile, OrchestratorProcess } from "./orchestrator-process.js";

requires("built");

const wires = [["rest"], ["auto"]] as const;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function config(param: object): string {
  const file = new ConfigFile({ explorePolicy: "random", explorePolicyParam: param });
  cleanups.push(() => file.dispose());
  return file.path;
}

async function start(file: string, port?: number): Promise<OrchestratorProcess> {
  const server = await OrchestratorProcess.start(file, port === undefined ? {} : { port });
  cleanups.push(() => server.end());
  return server;
}

async function open(url: string, wire: "rest" | "auto", warnings: string[]): Promise<RemoteTransceiver> {
  const transceiver = await openTransceiver(url, { wire, onWarning: (line) => warnings.push(line) });
  cleanups.push(() => transceiver.close());
  return transceiver;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Events of four entities, without a pause, until it is stopped; and how often each was answered. */
class Flow implements ActionSink {
  readonly answers = new Map<Event, number>();
  readonly #transceiver: RemoteTransceiver;
  readonly #timer: NodeJS.Timeout;
  sent = 0;
  faults = 0;

  constructor(transceiver: RemoteTransceiver) {
    this.#transceiver = transceiver;
    this.#timer = setInterval(() => this.#send(), 1);
    cleanups.push(() => this.stop());
  }

  deliver(event: Event, action: Action): void {
    this.answers.set(event, (this.answers.get(event) ?? 0) + 1);
    if (action.class === "FilesystemFaultAction") this.faults += 1;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #send(): void {
    for (const entity of ["a", "b", "c"]) {
      const event = new FilesystemEvent(entity, "pre-mkdir", String(this.sent++));
      this.answers.set(event, 0);
      this.#transceiver.send(event, this);
    }
    this.#transceiver.send(new ProcSetEvent("threads", [this.sent]), { deliver: () => {} });
  }
}

describe("an orchestrator that is gone", () => {
  it.each(wires)(
    "leaves no event unanswered when it is killed and started again while events flow, over the wire %s",
    { timeout: 30_000 },
    async (wire) => {
      const file = config({ minInterval: "0ms", maxInterval: "30ms", faultActionProbability: 0.5 });
      const first = await start(file);
      const warnings: string[] = [];
      const transceiver = await open(first.url, wire, warnings);
      const flow = new Flow(transceiver);
      await until(() => transceiver.counts.answered > 200);
      await first.end("SIGKILL");
      await until(() => transceiver.state === "away");
      expect(transceiver.counts.waiting).toBe(0);
      const sentWhenAway = flow.sent;
      await until(() => flow.sent > sentWhenAway + 100);
      const answeredBefore = transceiver.counts.answered;
      await start(file, first.port);
      await until(() => transceiver.counts.answered > answeredBefore + 200);
      flow.stop();
      await until(() => transceiver.counts.waiting === 0);
      expect([...flow.answers.values()].filter((count) => count !== 1)).toEqual([]);
      expect(flow.faults).toBeGreaterThan(20);
      expect(transceiver.counts.outages).toBe(1);
      expect(warnings.map((line) => line.replace(/:\d+ /, " ").replace(/\(.*\)/, "(…)"))).toEqual([
        "orchestrator http://127.0.0.1 is gone (…): events are accepted unseen until it is back",
        expect.stringMatching(/^orchestrator http:\/\/127\.0\.0\.1 is back; \d+ events were accepted unseen/),
      ]);
    },
  );

  it.each(wires)(
    "answers what it holds when it is asked to end, over the wire %s",
    { timeout: 30_000 },
    async (wire) => {
      const server = await start(config({ minInterval: "1h", maxInterval: "1h" }));
      const transceiver = await open(server.url, wire, []);
      const flow = new Flow(transceiver);
      await until(() => transceiver.counts.waiting > 50);
      flow.stop();
      await server.end("SIGTERM");
      await until(() => transceiver.counts.waiting === 0);
      expect([...flow.answers.values()].filter((count) => count !== 1)).toEqual([]);
    },
  );

  it("is found out within seconds when its process stands still", { timeout: 60_000 }, async () => {
    const server = await start(config({ minInterval: "1h", maxInterval: "1h" }));
    const transceivers = [await open(server.url, "rest", []), await open(server.url, "auto", [])];
    const answers: Event[] = [];
    const events = transceivers.map((transceiver, index) => {
      const event = new FilesystemEvent(`entity ${index}`, "pre-mkdir", "x");
      transceiver.send(event, { deliver: (answered) => answers.push(answered) });
      return event;
    });
    server.signal("SIGSTOP");
    await until(() => answers.length === 2);
    expect(transceivers.map(({ state }) => state)).toEqual(["away", "away"]);
    server.signal("SIGCONT");
    await until(() => transceivers.every(({ state }) => state === "connected"));
    expect(new Set(answers)).toEqual(new Set(events));
  });

  it("does not let in who has not the token", { timeout: 20_000 }, async () => {
    const file = config({ minInterval: "0ms" });
    const server = await OrchestratorProcess.start(file, { token: "sesame" });
    cleanups.push(() => server.end());
    const onWarning = () => {};
    for (const wire of ["rest", "auto"] as const) {
      await expect(openTransceiver(server.url, { wire, onWarning })).rejects.toMatchObject({
        code: "NMZ_TRANSCEIVER_TOKEN",
      });
      const transceiver = await openTransceiver(server.url, { wire, token: "sesame", onWarning });
      cleanups.push(() => transceiver.close());
      const answered = new Promise<Action>((resolve) => {
        const sink = { deliver: (_event: Event, action: Action) => resolve(action) };
        transceiver.send(new FilesystemEvent("a", "pre-mkdir", "x"), sink);
      });
      expect((await answered).class).toBe("EventAcceptanceAction");
    }
  });
});
