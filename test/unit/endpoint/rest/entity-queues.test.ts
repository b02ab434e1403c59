import { describe, expect, it } from "vitest";
import { EntityQueues } from "../../../../src/endpoint/rest/index.js";
import type { Event, Option } from "../../../../src/signal/index.js";
import { EventAcceptanceAction, eventFromJson, PacketFaultAction } from "../../../../src/signal/index.js";

const roomy = { maxEntities: 10, maxEventsPerEntity: 10, maxEvents: 10, maxEventBytes: 10_000 };

function event(entity: string, uuid: string, deferred = true): Event {
  return eventFromJson({ class: "NopEvent", entity, uuid, deferred, option: {} });
}

class RecordingPoller {
  readonly heard: string[] = [];
  take(body: string): void {
    this.heard.push(JSON.parse(body).event_uuid);
  }
  giveUp(reason: string): void {
    this.heard.push(reason);
  }
}

function queuesWith(limits: Partial<typeof roomy> = {}): { queues: EntityQueues; lost: () => number } {
  let lost = 0;
  const queues = new EntityQueues({ ...roomy, ...limits }, () => {
    lost += 1;
  });
  return { queues, lost: () => lost };
}

function answer(queues: EntityQueues, entity: string, uuid: string, deferred = true): string {
  const asked = event(entity, uuid, deferred);
  queues.admit(asked, 100);
  const action = new EventAcceptanceAction(asked);
  queues.deliver(asked, action);
  return action.uuid;
}

describe("EntityQueues", () => {
  it("gives the oldest action until it is removed, then the next", () => {
    const { queues } = queuesWith();
    const first = answer(queues, "e", "1");
    answer(queues, "e", "2");
    const causes = () => JSON.parse(queues.head("e") ?? "{}").event_uuid;
    expect([causes(), causes()]).toEqual(["1", "1"]);
    queues.remove("e", first);
    queues.remove("e", first);
    expect(causes()).toBe("2");
  });

  it("counts two events that a client gave one name as two, until both are removed", () => {
    const { queues } = queuesWith();
    const late = event("e", "same", false);
    queues.admit(late, 100);
    const actions = [answer(queues, "e", "same")];
    const second = new EventAcceptanceAction(late);
    queues.deliver(late, second);
    actions.push(second.uuid);
    expect(queues.counts).toMatchObject({ events: 2, waitingActions: 2 });
    for (const action of actions) {
      expect(queues.head("e")).toContain(action);
      queues.remove("e", action);
    }
    expect(queues.counts).toMatchObject({ entities: 0, events: 0, waitingActions: 0, bytes: 0 });
  });

  it("answers with acceptance where the action has no JSON, and says whose fault that is", () => {
    const { queues } = queuesWith();
    const asked = event("e", "u");
    queues.admit(asked, 100);
    class Odd extends PacketFaultAction {
      override get option(): Option {
        return { count: 1n as never };
      }
    }
    expect(() => queues.deliver(asked, new Odd(asked))).toThrow("BigInt");
    expect(JSON.parse(queues.head("e")!)).toMatchObject({ class: "EventAcceptanceAction", event_uuid: "u" });
    expect(queues.counts).toMatchObject({ events: 1, waitingActions: 1 });
  });

  it("removes an action that is not the oldest", () => {
    const { queues } = queuesWith();
    answer(queues, "e", "1");
    queues.remove("e", answer(queues, "e", "2"));
    expect(queues.counts).toMatchObject({ events: 1, waitingActions: 1 });
    expect(JSON.parse(queues.head("e")!).event_uuid).toBe("1");
  });

  it("hands an action to the one who waits, once, and keeps it", () => {
    const { queues } = queuesWith();
    const poller = new RecordingPoller();
    queues.wait("e", poller);
    answer(queues, "e", "1");
    answer(queues, "e", "2");
    expect(poller.heard).toEqual(["1"]);
    expect(queues.counts).toMatchObject({ pollers: 0, waitingActions: 2 });
  });

  it("lets the newest wait, and a displaced one that leaves takes nothing along", () => {
    const { queues } = queuesWith();
    const [older, newer] = [new RecordingPoller(), new RecordingPoller()];
    queues.wait("e", older);
    queues.wait("e", newer);
    queues.leave("e", older);
    expect(queues.counts.pollers).toBe(1);
    answer(queues, "e", "1");
    expect([older.heard, newer.heard]).toEqual([["displaced"], ["1"]]);
  });

  it("forgets an entity with its last action or poller", () => {
    const { queues } = queuesWith();
    const poller = new RecordingPoller();
    queues.wait("a", poller);
    const action = answer(queues, "b", "1");
    expect(queues.counts.entities).toBe(2);
    queues.leave("a", poller);
    queues.remove("b", action);
    queues.remove("never", "was");
    expect(queues.counts).toMatchObject({ entities: 0, pollers: 0, events: 0, waitingActions: 0, bytes: 0 });
  });

  it("refuses an event that is outstanding already, being decided on or answered", () => {
    const { queues } = queuesWith();
    queues.admit(event("e", "1"), 1);
    expect(() => queues.admit(event("e", "1"), 1)).toThrow(expect.objectContaining({ status: 409 }));
    answer(queues, "e", "2");
    expect(() => queues.admit(event("e", "2"), 1)).toThrow(expect.objectContaining({ status: 409 }));
  });

  it("refuses events beyond an entity's share with 429, and beyond everybody's with 503", () => {
    const { queues } = queuesWith({ maxEventsPerEntity: 2, maxEvents: 3 });
    for (const uuid of ["1", "2"]) queues.admit(event("a", uuid), 1);
    expect(() => queues.admit(event("a", "3"), 1)).toThrow(expect.objectContaining({ status: 429 }));
    queues.admit(event("b", "1"), 1);
    expect(() => queues.admit(event("b", "2"), 1)).toThrow(expect.objectContaining({ status: 503 }));
  });

  it("counts bytes, of the event while it waits and of the action afterwards", () => {
    const { queues } = queuesWith({ maxEventBytes: 1000 });
    const asked = event("e", "1");
    queues.admit(asked, 900);
    expect(() => queues.admit(event("e", "2"), 101)).toThrow(expect.objectContaining({ status: 503 }));
    const action = new EventAcceptanceAction(asked);
    queues.deliver(asked, action);
    const bytes = JSON.stringify(action).length + 1;
    expect(queues.counts.bytes).toBe(bytes);
    queues.admit(event("e", "2"), 1000 - bytes);
  });

  it("keeps no place for an event that nobody holds, takes its action when one comes, and loses it when full", () => {
    const { queues, lost } = queuesWith({ maxEventsPerEntity: 1 });
    queues.admit(event("e", "quiet", false), 100);
    expect(queues.counts).toMatchObject({ entities: 0, events: 0, bytes: 0 });
    const late = event("e", "late", false);
    queues.admit(late, 100);
    answer(queues, "e", "1", false);
    for (let time = 0; time < 2; time++) queues.deliver(late, new EventAcceptanceAction(late));
    expect(queues.counts).toMatchObject({ waitingActions: 1, lostActions: 2 });
    expect(lost()).toBe(1);
  });

  it("lets everybody who waits go when it closes, takes nothing more, and still gives what is answered", () => {
    const { queues } = queuesWith();
    const poller = new RecordingPoller();
    queues.wait("idle", poller);
    const action = answer(queues, "e", "1");
    queues.beginClosing();
    expect(poller.heard).toEqual(["closing"]);
    expect(() => queues.admit(event("e", "2"), 1)).toThrow(expect.objectContaining({ status: 503 }));
    expect(() => queues.wait("x", poller)).toThrow(expect.objectContaining({ status: 503 }));
    expect(JSON.parse(queues.head("e")!).event_uuid).toBe("1");
    queues.remove("e", action);
    expect(queues.counts.entities).toBe(0);
  });
});
