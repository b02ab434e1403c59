import { describe, expect, it } from "vitest";
import { attachStream } from "../../../src/endpoint/index.js";
import { type Action, type ActionSink, type Event, FilesystemEvent } from "../../../src/signal/index.js";
import { openTransceiver } from "../../../src/transceiver/index.js";
import { RestRig } from "../endpoint-rest/rest-rig.js";

/** How often each event was answered, and with how many faults. */
class Answers implements ActionSink {
  readonly counts = new Map<Event, number>();
  faults = 0;

  deliver(event: Event, action: Action): void {
    this.counts.set(event, (this.counts.get(event) ?? 0) + 1);
    if (action.class === "FilesystemFaultAction") this.faults += 1;
  }
}

describe("an orchestrator that ends", () => {
  it.each(["rest", "auto"] as const)(
    "hands over every fault that it has decided on, over the wire %s",
    async (wire) => {
      const rig = await RestRig.start({
        params: { faultActionProbability: 1 },
        limits: { drainMs: 60_000, drainIdleMs: 60_000 },
      });
      await attachStream(rig.endpoint, { control: rig.orchestrator });
      const transceiver = await openTransceiver(`${rig.endpoint.address}/api/v3`, {
        wire,
        onWarning: () => {},
      });
      const answers = new Answers();
      const send = (entity: string, count: number): void => {
        for (let number = 0; number < count; number++) {
          const event = new FilesystemEvent(entity, "pre-mkdir", `${number}`);
          answers.counts.set(event, 0);
          transceiver.send(event, answers);
        }
      };
      // Some are on their way to it, some wait to be fetched, and one lane polls for nothing.
      for (const entity of ["a", "b"]) send(entity, 200);
      send("idle", 1);
      while (answers.faults < 20) await new Promise((resolve) => setImmediate(resolve));
      const decided = rig.orchestrator.counts.events;
      rig.orchestrator.stop();
      await rig.endpoint.close();
      while (transceiver.counts.waiting > 0) await new Promise((resolve) => setImmediate(resolve));
      expect([...answers.counts.values()].filter((count) => count !== 1)).toEqual([]);
      expect(answers.faults).toBe(decided);
      await transceiver.close();
    },
  );
});
