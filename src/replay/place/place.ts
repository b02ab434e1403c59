import type { RecordedDecision } from "../../record/index.js";

/** One event of a record. */
export interface Place {
  /** What shook it; undefined: it went on at once. */
  readonly decision: RecordedDecision | undefined;
  /** Undefined where chance has no part in it. */
  readonly name: Name | undefined;
  readonly track: Track | undefined;
  /** In its track, from 0. */
  readonly index: number;
  readonly connection: Connection | undefined;
  /** Of a packet, in bytes; 0 for all else. */
  readonly length: number;
  readonly arrivedMs: number;
  isMet: boolean;
  /** An event has got its decision. */
  isSpent: boolean;
}

/** What chance may write otherwise in another run: one for all events of a scope that were called the same. */
export class Name {
  readonly #standIns: Map<string, Name>;
  #standIn: string | undefined;
  #comesAgain = false;

  /** `standIns`: those of its scope, by the names of this run. */
  constructor(standIns: Map<string, Name>) {
    this.#standIns = standIns;
  }

  /** Neither has it come as it was, nor does another name stand in for it. */
  get isFree(): boolean {
    return !this.#comesAgain && this.#standIn === undefined;
  }

  /** It has come as it was, or is known to come in each run. */
  comeAgain(): void {
    this.#comesAgain = true;
    this.release();
  }

  /** A name of this run stands in for it from now on. */
  giveTo(standIn: string): void {
    this.#standIn = standIn;
    this.#standIns.set(standIn, this);
  }

  release(): void {
    if (this.#standIn !== undefined) this.#standIns.delete(this.#standIn);
    this.#standIn = undefined;
  }
}

/** A recorded connection. */
export class Connection {
  /** The one that plays its part in this run. */
  partner: string | undefined;
}

/** Events of one stream and one connection, in the order in which they came. */
export class Track {
  readonly places: Place[] = [];
  /** Behind the furthest place that was met. */
  cursor = 0;
  /** Behind the furthest place whose event was known by its name. */
  #sure = 0;

  get isOver(): boolean {
    return this.cursor >= this.places.length;
  }

  moveTo({ index }: Place): void {
    this.cursor = Math.max(this.cursor, index + 1);
  }

  /**
   * The event of this place has come, known by its name. Where another one was taken for it, all that was since is out of
   * step: their places are returned, free again.
   */
  sync(place: Place): readonly Place[] {
    const { index, isMet } = place;
    const isInStep = !isMet || index < this.#sure;
    this.#sure = Math.max(this.#sure, index + 1);
    place.isMet = true;
    if (isInStep) {
      this.moveTo(place);
      return [];
    }
    const freed = this.places.slice(index + 1, this.cursor).filter((each) => each.isMet);
    for (const each of freed) each.isMet = false;
    this.cursor = index + 1;
    return freed;
  }
}
