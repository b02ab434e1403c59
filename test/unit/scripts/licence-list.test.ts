import { describe, expect, it } from "vitest";
import { isAccepted, licenceProblem } from "../../../scripts/licence-list.js";

describe("isAccepted", () => {
  it("takes one side of an OR and both sides of an AND", () => {
    expect(isAccepted("(MIT OR GPL-3.0-only)")).toBe(true);
    expect(isAccepted("MIT AND GPL-3.0-only")).toBe(false);
    expect(isAccepted("MIT AND ISC")).toBe(true);
  });
});

describe("licenceProblem", () => {
  it("fails a package without a licence", () => {
    expect(licenceProblem({ name: "a", version: "1.0.0" })).toBe("a@1.0.0 names no licence");
  });

  it("fails a licence that is not on the list", () => {
    const problem = licenceProblem({
      name: "a",
      version: "1.0.0",
      licenses: [{ license: { id: "GPL-2.0-or-later" } }],
    });
    expect(problem).toContain("GPL-2.0-or-later");
  });

  it("has nothing to say about MIT", () => {
    expect(
      licenceProblem({ name: "a", version: "1.0.0", licenses: [{ license: { id: "MIT" } }] }),
    ).toBeUndefined();
  });
});
