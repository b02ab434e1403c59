import { describe, expect, it } from "vitest";
import { OfferedCrashes } from "../../../../src/endpoint/stream/offered-crashes.js";
import { type CrashSite, crashAbility } from "../../../../src/signal/index.js";

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

  it("says of a client that has gone that nobody answered", async () => {
    const sites: CrashSite[] = [];
    const offer = (site: CrashSite) => {
      sites.push(site);
      return () => {};
    };
    const crashes = new OfferedCrashes({ offer, crash: async () => [] }, () => {});
    crashes.take({ type: "offer", ability: crashAbility, entity: "disk" });
    const crashing = expect(sites[0]!.crash()).rejects.toMatchObject({ code: "NMZ_CRASH_NO_ANSWER" });
    crashes.end();
    await crashing;
  });
});
