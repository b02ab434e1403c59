import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

it("scripts/lib/image-files lists all that the image is made of, so that a change of it builds the image anew", () => {
  const listed = execFileSync("scripts/lib/image-files", { encoding: "utf8", cwd: process.cwd() })
    .trimEnd()
    .split("\n");
  const { files } = JSON.parse(readFileSync("package.json", "utf8")) as { files: string[] };
  // dist is there when it was built.
  const names = files.filter((name) => !/^(!|dist\/)/.test(name));
  expect(names).toContain("ci");
  for (const name of names)
    expect(listed.filter((file) => `${file}/`.startsWith(`${name}/`))).not.toEqual([]);
  // What the Dockerfile copies besides.
  const copied = [...readFileSync("Dockerfile", "utf8").matchAll(/^COPY (?!--from|\. )(.*) \S+$/gm)];
  const sources = copied.flatMap(([, words]) => words!.split(" "));
  expect(listed).toEqual(expect.arrayContaining([...sources, "Dockerfile", ".dockerignore", "ci/nmzc-ci"]));
  expect(listed.filter((file) => !existsSync(file))).toEqual([]);
});
