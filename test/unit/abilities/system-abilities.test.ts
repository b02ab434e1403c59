import { describe, expect, it } from "vitest";
import { versionAbility } from "../../../src/abilities/system-abilities.js";

describe("versionAbility", () => {
  it("accepts the oldest version and anything newer", () => {
    for (const version of ["20.19.0", "20.20.2", "22.0.0", "6.18.44-fc"]) {
      const oldest = version.startsWith("6") ? ([6, 9] as const) : ([20, 19] as const);
      expect(versionAbility("x", version, oldest, "newer")).toMatchObject({
        isPresent: true,
        remedy: undefined,
      });
    }
  });

  it("refuses an older one and says what to do", () => {
    for (const version of ["18.20.0", "20.9.0"]) {
      expect(versionAbility("Node", version, [20, 19], "install Node 20.19 or newer")).toMatchObject({
        isPresent: false,
        detail: `${version} is older than 20.19`,
        remedy: "install Node 20.19 or newer",
      });
    }
  });
});
