import { describe, expect, it } from "vitest";
import { choosePlace, nextPlace } from "../../../../src/replay/place/choose-place.js";
import { Name, type Place, Track } from "../../../../src/replay/place/place.js";

/** A track of so many packets, of which only the last could be taken; `looks` counts the places that are looked at. */
function longTrack(count: number): { track: Track; looks: () => number } {
  let looks = 0;
  const track = new Track();
  for (let index = 0; index < count; index++) {
    const place: Place = {
      ...{ decision: undefined, name: new Name(new Map()), track, connection: undefined },
      ...{ index, length: 100, arrivedMs: index, isSpent: false },
      get isMet() {
        looks += 1;
        return index < count - 1;
      },
      set isMet(_value: boolean) {},
    };
    track.places.push(place);
  }
  return { track, looks: () => looks };
}

describe("choosePlace", () => {
  it("looks at a bounded number of places of a long track in which hardly any is free", () => {
    const { track, looks } = longTrack(100_000);
    for (let event = 0; event < 100; event++) {
      expect(choosePlace(track, 100)).toBeUndefined();
      expect(nextPlace(track, 100)).toBeUndefined();
    }
    expect(looks()).toBeLessThanOrEqual(100 * 2 * 1100);
  });

  it("finds the free place behind hundreds that are not", () => {
    const { track } = longTrack(500);
    expect(choosePlace(track, 100)?.index).toBe(499);
  });
});
