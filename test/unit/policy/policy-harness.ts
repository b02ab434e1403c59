import { DecisionStreams, type PolicyContext } from "../../../src/policy/index.js";
import { type Action, Event, type Option, PacketEvent } from "../../../src/signal/index.js";

/** A context whose clock stands still until told, and whose timers are called by the test. */
export class TestContext implements PolicyContext {
  nowMs = 0;
  readonly clock = { nowMs: () => this.nowMs, wallMs: () => this.nowMs };
  readonly cpuCount: number;
  readonly random;
  readonly timers: { periodMs: number; tick: () => void }[] = [];
  readonly emitted: Action[] = [];
  readonly lines: string[] = [];
  /** How often chance was asked for. */
  draws = 0;
  readonly #streams: DecisionStreams;

  constructor(seed = "test", cpuCount = 2) {
    this.#streams = new DecisionStreams(seed);
    this.random = this.#streams.named("policy");
    this.cpuCount = cpuCount;
  }

  randomFor(event: Event) {
    this.draws += 1;
    return this.#streams.randomFor(event);
  }

  randomNamed(name: string) {
    return this.#streams.named(`named ${name}`);
  }

  every(periodMs: number, tick: () => void): void {
    this.timers.push({ periodMs, tick });
  }

  after(delayMs: number, tick: () => void): void {
    this.timers.push({ periodMs: delayMs, tick });
  }

  log(line: string): void {
    this.lines.push(line);
  }

  emit(action: Action): void {
    this.emitted.push(action);
  }
}

/** A packet event of an entity with a replay hint, and no bytes to speak of. */
export function packet(replayHint = "hint", entity = "net"): PacketEvent {
  return new PacketEvent(entity, {
    srcEntity: "entity-10.0.0.1:1",
    dstEntity: "entity-10.0.0.2:2",
    bytes: new Uint8Array(20),
    replayHint,
    retain: () => {},
  });
}

/** An event that nobody holds. */
export class NoticeEvent extends Event {
  readonly class = "NoticeEvent";
  readonly deferred = false;
  readonly replayHint = "";
  readonly option: Option = {};
}
