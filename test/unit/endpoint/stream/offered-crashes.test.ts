import { describe, expect, it } from "vitest";
import { OfferedCrashes } from "../../../../src/endpoint/stream/offered-crashes.js";
import { crashAbility } from "../../../../src/signal/index.js";

describe("OfferedCrashes", () => {
  it("remembers a bounded number of offers, and takes each of them back", () => {
    let offered = 0;
    const crashes = new OfferedCrashes(
      {
        offer() {
          offered += 1;
          return () => {
            offered -= 1;
          };
        },
        crash: async () => [],
      },
      () => {},
    );
    for (let index = 0; index < 10_000; index++) {
      expect(crashes.take({ type: "offer", ability: crashAbility, entity: `disk ${index}` })).toBe(true);
    }
    expect(offered).toBe(64);
    crashes.end();
    expect(offered).toBe(0);
  });
});
