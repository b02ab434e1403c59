import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ancestorRuntimeUs, equalShareUs } from "../../../../runtime/kernel/cgroup/index.js";

const periodUs = 1_000_000;
const limit = (runtimeUs: number) => ({ runtimeUs, periodUs });
const limits = fc.array(fc.integer({ min: 0, max: 300_000 }).map(limit), { maxLength: 5 });
const sum = (list: readonly { readonly runtimeUs: number }[]) =>
  list.reduce((total, { runtimeUs }) => total + runtimeUs, 0);

describe("equalShareUs", () => {
  it("never gives out more than the parent has beside its other children", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 950_000 }),
        limits,
        fc.integer({ min: 1, max: 40 }),
        (parent, others, n) => {
          const share = equalShareUs(limit(parent), others, n, periodUs);
          expect(share).toBeGreaterThanOrEqual(0);
          if (share > 0) expect(share * n + sum(others)).toBeLessThanOrEqual(parent);
        },
      ),
    );
  });

  it("counts in the container's own period", () => {
    expect(equalShareUs(limit(800_000), [], 2, 100_000)).toBe(40_000);
  });

  it("takes a parent without limit for a whole CPU", () => {
    expect(equalShareUs(limit(-1), [], 1, periodUs)).toBe(1_000_000);
  });
});

describe("ancestorRuntimeUs", () => {
  it("never lowers a group and stays within what the parent can spare", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 950_000 }), limits, fc.boolean(), (own, siblings, isTop) => {
        const runtimeUs = ancestorRuntimeUs(limit(own), limit(950_000), siblings, isTop);
        expect(runtimeUs).toBeGreaterThanOrEqual(own);
        if (runtimeUs > own) expect(runtimeUs + sum(siblings)).toBeLessThanOrEqual(950_000);
      }),
    );
  });

  it("leaves a tenth of the machine's time to others at the top", () => {
    expect(ancestorRuntimeUs(limit(0), limit(950_000), [], true)).toBe(855_000);
    expect(ancestorRuntimeUs(limit(0), limit(855_000), [], false)).toBe(855_000);
  });
});
