import { describe, expect, it } from "vitest";
import type { GivenPath } from "../../../../src/container/from-inside/require-shared.js";
import { runCli } from "../fake-context.js";

/** What the image would be asked about the paths in a command line, which is then refused. */
async function given(...words: readonly string[]): Promise<readonly string[]> {
  const asked: string[] = [];
  const requireShared = async (paths: readonly GivenPath[]): Promise<void> => {
    for (const { title, path, kind, isWritten } of paths) {
      asked.push(`${title} ${path}: ${kind}${isWritten ? ", written" : ""}`);
    }
    throw new Error("enough");
  };
  await runCli(words, { requireShared });
  return asked;
}

describe("a command in the image", () => {
  it("asks for each path that `run` is given, and for nothing that lies in the workload's container", async () => {
    const flags = [
      ...["--env-file", "e", "--label-file=l", "--cidfile", "c", "--nmz-autopilot", "a", "--nmz-out", "o"],
      ...["--nmz-java", "script:s.btm", "--nmz-java", "functions=A#b", "--security-opt", "seccomp=p.json"],
      ...[
        "--security-opt",
        "seccomp=unconfined",
        "-w",
        "/work",
        "--device",
        "/dev/x",
        "-v",
        "/a:/b",
        "image",
        "/file",
      ],
    ];
    expect(await given("nmzc", "run", ...flags)).toEqual([
      "--env-file e: file",
      "--label-file l: file",
      "--cidfile c: file, written",
      "--nmz-autopilot a: file",
      "--nmz-out o: folder, written",
      "--nmz-java s.btm: file",
      "--security-opt p.json: file",
    ]);
  });

  it("asks for those of `loop`, `replay`, `minimize`, `explain` and `report`", async () => {
    expect(
      await given("nmzc", "loop", "--known", "k", "--out", "o", "--results", "/app/*.xml", "img"),
    ).toEqual(["--known k: file", "--out o: folder, written"]);
    expect(await given("nmzc", "loop", "--resume", "c")).toEqual(["--resume c: folder, written"]);
    expect(await given("nmzc", "replay", "--nmz-out", "o", "out/latest")).toEqual([
      "--nmz-out o: folder, written",
      "RUN out/latest: folder",
    ]);
    expect(await given("nmzc", "minimize", "out")).toEqual(["RUN out: folder"]);
    expect(await given("nmz", "explain", "out")).toEqual(["STORAGE out: folder"]);
    expect(await given("nmzc", "report", "-o", "-", "c")).toEqual(["CAMPAIGN c: folder"]);
    expect(await given("nmzc", "report", "-o", "r.html", "c")).toEqual([
      "--output r.html: file, written",
      "CAMPAIGN c: folder",
    ]);
  });

  it("does not take a name for a path", async () => {
    expect(await given("nmz", "policies", "show", "random")).toEqual([]);
  });
});
