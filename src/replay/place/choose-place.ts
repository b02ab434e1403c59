import type { Place, Track } from "./place.js";

// How far from the cursor a place is looked for.
const mostBehind = 64;
const mostAhead = 16;
// Places that are not free are passed over: of a long track, where hardly any is, not all for each event that comes.
const mostPassed = 1024;

/**
 * The place of a track that an event of an unknown name most probably has: the next one; one that was passed over, as
 * when two events change places; one further ahead, as when events do not come. All of the same length; but the next one
 * may be a little longer or shorter.
 */
export function choosePlace(track: Track, length: number): Place | undefined {
  const ahead = freeAhead(track, mostAhead);
  const [next] = ahead;
  const isAsLong = (place: Place): boolean => place.length === length;
  if (next !== undefined && isAsLong(next)) return next;
  const other = freeBehind(track).find(isAsLong) ?? ahead.find(isAsLong);
  if (other !== undefined || next === undefined) return other;
  return isAlike(next.length, length) ? next : undefined;
}

/** The next place of a track, where it is as long. */
export function nextPlace(track: Track, length: number): Place | undefined {
  const [next] = freeAhead(track, 1);
  return next?.length === length ? next : undefined;
}

function freeAhead({ places, cursor }: Track, most: number): Place[] {
  const found: Place[] = [];
  const end = Math.min(places.length, cursor + mostPassed);
  for (let at = cursor; at < end && found.length < most; at++)
    if (isFree(places[at]!)) found.push(places[at]!);
  return found;
}

function freeBehind({ places, cursor }: Track): Place[] {
  return places.slice(Math.max(0, cursor - mostBehind), cursor).filter(isFree);
}

/** Its own event is known not to be still to come, as far as that can be known. */
function isFree({ isMet, name }: Place): boolean {
  return !isMet && name?.isFree === true;
}

/** As by a number that has grown a digit. */
function isAlike(one: number, other: number): boolean {
  return Math.abs(one - other) <= Math.max(one, other) / 8;
}
