import type { RecordedDecision } from "../../record/index.js";
import { shakes } from "../../record/index.js";
import { type Event, PacketEvent } from "../../signal/index.js";
import { choosePlace, nextPlace } from "./choose-place.js";
import { type EventName, eventName, opensConnection } from "./event-name.js";
import { Connection, Name, type Place, Track } from "./place.js";

export interface FoundDecision {
  readonly decision: RecordedDecision;
  /** The record does not know the event by its name. */
  readonly isByPlace: boolean;
}

/** The events with one hint, by occurrence. */
interface Line {
  arrived: number;
  readonly places: Map<number, Place>;
}

interface Stream {
  readonly tracks: Map<Connection | undefined, Track>;
  /** What was called so, in the order in which it came. */
  readonly byName: Map<Name, Place[]>;
}

interface Scope {
  readonly names: Map<string, Name>;
  /** Which recorded name a name of this run stands in for. */
  readonly standIns: Map<string, Name>;
}

// Of connections that were not seen to open.
const mostTracks = 64;

/** What one inspector saw in the recorded run. */
export class RecordedEntity {
  readonly #lines = new Map<string, Line>();
  readonly #streams = new Map<string, Stream>();
  readonly #scopes = new Map<string, Scope>();
  /** By their names then. */
  readonly #connections = new Map<string, Connection>();
  /** By the names of their partners now. */
  readonly #partners = new Map<string, Connection>();

  /** In the order of arrival. `comesAgain`: the same hint comes in other runs too. */
  add(decision: RecordedDecision, comesAgain: boolean): void {
    const { event, hint, n, about, arrivedMs } = decision;
    const line = gotten(this.#lines, hint, () => ({ arrived: 0, places: new Map() }));
    if (line.places.has(n)) return;
    const parts = eventName(event, hint);
    const name = parts === undefined ? undefined : this.#nameOf(parts);
    if (comesAgain) name?.comeAgain();
    const connection =
      parts === undefined && !opensConnection(hint) ? undefined : this.#recordedConnection(decision);
    const stream = parts === undefined ? undefined : this.#streamOf(parts);
    const track = stream === undefined ? undefined : gotten(stream.tracks, connection, () => new Track());
    const place: Place = {
      decision: shakes(decision) ? decision : undefined,
      ...{ name, track, connection, arrivedMs },
      index: track?.places.length ?? 0,
      length: Number(about["length"] ?? 0),
      isMet: false,
      isSpent: false,
    };
    line.places.set(n, place);
    track?.places.push(place);
    if (name !== undefined) gotten(stream!.byName, name, () => []).push(place);
  }

  /** What is to be done to an event that has just come; undefined: nothing. */
  decisionOn(event: Event): FoundDecision | undefined {
    const line = this.#lines.get(event.replayHint);
    const place = line === undefined ? this.#meetUnknown(event) : this.#meetKnown(event, line);
    if (place?.decision === undefined || place.isSpent) return undefined;
    place.isSpent = true;
    return { decision: place.decision, isByPlace: line === undefined };
  }

  #meetKnown(event: Event, line: Line): Place | undefined {
    line.arrived += 1;
    const place = line.places.get(line.arrived);
    if (place === undefined) return undefined;
    place.name?.comeAgain();
    const isInTrack =
      place.connection === undefined || this.#isPartner(place.connection, connectionName(event));
    if (place.track === undefined || !isInTrack) place.isMet = true;
    else for (const freed of place.track.sync(place)) freed.name?.release();
    return place;
  }

  #meetUnknown(event: Event): Place | undefined {
    const parts = eventName(event.class, event.replayHint);
    const stream = parts === undefined ? undefined : this.#streams.get(parts.stream);
    const scope = parts === undefined ? undefined : this.#scopes.get(parts.scope);
    // A known name is known with all that was done to it: this is more than that.
    if (stream === undefined || scope === undefined || scope.names.has(parts!.name)) return undefined;
    const known = scope.standIns.get(parts!.name);
    const place =
      known === undefined
        ? this.#choose(event, stream)
        : stream.byName.get(known)?.find(({ isMet }) => !isMet);
    if (place === undefined) return undefined;
    place.isMet = true;
    if (known === undefined) place.name!.giveTo(parts!.name);
    place.track!.moveTo(place);
    if (place.connection !== undefined) this.#pair(place.connection, connectionName(event));
    return place;
  }

  #choose(event: Event, { tracks }: Stream): Place | undefined {
    const length = event instanceof PacketEvent ? event.source.bytes.length : 0;
    if (!(event instanceof PacketEvent)) {
      const track = tracks.get(undefined);
      return track === undefined ? undefined : choosePlace(track, length);
    }
    const own = this.#partners.get(connectionName(event));
    const ownTrack = own === undefined ? undefined : tracks.get(own);
    const found = ownTrack === undefined ? undefined : choosePlace(ownTrack, length);
    if (found !== undefined) return found;
    const others = openTracks(tracks, ownTrack);
    return (
      earliest(others.map(({ track }) => nextPlace(track, length))) ??
      earliest(
        others
          .filter(({ connection }) => connection?.partner === undefined)
          .map(({ track }) => choosePlace(track, length)),
      )
    );
  }

  /** Pairs the two where neither has a partner; true when they are partners then. */
  #isPartner(recorded: Connection, live: string): boolean {
    if (recorded.partner === undefined && !this.#partners.has(live)) this.#pair(recorded, live);
    return recorded.partner === live;
  }

  /** Whoever had one of the two gets the other: connections may change parts. */
  #pair(recorded: Connection, live: string): void {
    if (recorded.partner === live) return;
    const before = this.#partners.get(live);
    const partner = recorded.partner;
    recorded.partner = live;
    this.#partners.set(live, recorded);
    if (before !== undefined) before.partner = partner;
    if (partner === undefined) return;
    if (before === undefined) this.#partners.delete(partner);
    else this.#partners.set(partner, before);
  }

  #nameOf({ scope, name }: EventName): Name {
    const { names, standIns } = gotten(
      this.#scopes,
      scope,
      (): Scope => ({ names: new Map(), standIns: new Map() }),
    );
    return gotten(names, name, () => new Name(standIns));
  }

  #streamOf({ stream }: EventName): Stream {
    return gotten(this.#streams, stream, () => ({ tracks: new Map(), byName: new Map() }));
  }

  #recordedConnection({ event, about }: RecordedDecision): Connection | undefined {
    if (event !== "PacketEvent") return undefined;
    return gotten(
      this.#connections,
      pairOf(String(about["src"]), String(about["dst"])),
      () => new Connection(),
    );
  }
}

function openTracks(
  tracks: ReadonlyMap<Connection | undefined, Track>,
  own: Track | undefined,
): { connection: Connection | undefined; track: Track }[] {
  const found = [];
  for (const [connection, track] of tracks) {
    if (track !== own && !track.isOver) found.push({ connection, track });
    if (found.length === mostTracks) break;
  }
  return found;
}

function earliest(places: readonly (Place | undefined)[]): Place | undefined {
  let first: Place | undefined;
  for (const place of places) {
    if (place !== undefined && (first === undefined || place.arrivedMs < first.arrivedMs)) first = place;
  }
  return first;
}

/** Both directions of a connection have one name. */
function connectionName(event: Event): string {
  return event instanceof PacketEvent ? pairOf(event.source.srcEntity, event.source.dstEntity) : "";
}

function pairOf(one: string, other: string): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}

function gotten<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
