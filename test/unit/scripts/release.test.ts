import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";

it("scripts/release takes no base for the image that another may have the name of tomorrow", () => {
  const { status, stderr } = spawnSync("scripts/release", ["--base", "nmzc/base:latest"], {
    encoding: "utf8",
  });
  expect(stderr).toContain("--base wants an image by its digest");
  expect(status).toBe(2);
});
