import type { CrashSite, Event } from "../signal/index.js";

/** Told by a link what becomes of its events. Nothing is told after `onGone`. */
export interface LinkListener {
  /** The JSON value of an action, as it came. */
  onAction(json: unknown): void;
  /** This event will get no answer. */
  onRefused(eventUuid: string, reason: string): void;
  /** The answers to all of this entity's events that are on their way may be lost. */
  onEntityLost(entity: string, reason: string): void;
  /** Something that people should know and that costs no event. */
  onNotice(reason: string): void;
  /** Once: the other end is gone, or talks nonsense. */
  onGone(reason: string): void;
}

/** One connection to an orchestrator, from the moment it stands to its loss. */
export interface Link {
  readonly wire: "rest" | "stream";
  /** True when what was sent waits unsent: the other end, or the network, is too slow. */
  readonly isCongested: boolean;
  /** Never throws; what cannot be sent is told to the listener. */
  send(event: Event): void;
  /** Announces who can crash. False where the wire, or the orchestrator, knows no crashes. */
  offerCrash(site: CrashSite): boolean;
  /** Sends what is gathered and lets go; tells the listener nothing any more. Idempotent. */
  close(): Promise<void>;
}

/** Rejects with the reason when no orchestrator answers; with an NmzError when trying again cannot help. */
export type Connect = (listener: LinkListener) => Promise<Link>;
