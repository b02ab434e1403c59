import { describe, expect, it } from "vitest";
import type { RunRequest } from "../../../../src/container/run-request.js";
import { parse } from "./parse.js";

describe("run request", () => {
  it("has docker's defaults", () => {
    expect(parse("img")).toEqual({
      body: {
        Image: "img",
        Tty: false,
        OpenStdin: false,
        StdinOnce: false,
        AttachStdin: false,
        AttachStdout: true,
        AttachStderr: true,
        HostConfig: {},
      },
      name: undefined,
      platform: undefined,
      pull: "missing",
      isPullQuiet: false,
      volumes: [],
      volumesFrom: [],
      isInteractive: false,
      hasTty: false,
      isDetached: false,
      removeAtEnd: false,
      forwardSignals: true,
      detachKeys: [16, 17],
      cidFile: undefined,
      autopilotFile: undefined,
      seed: undefined,
      disabled: new Set(),
      outDir: undefined,
    });
  });

  const fields: readonly (readonly [string, Partial<RunRequest>])[] = [
    ["-it img", { isInteractive: true, hasTty: true }],
    ["-itd img", { isInteractive: true, hasTty: true, isDetached: true }],
    ["-i=false -t img", { isInteractive: false, hasTty: true }],
    ["--rm -d img", { removeAtEnd: true, isDetached: true }],
    ["--rm --rm=false img", { removeAtEnd: false }],
    ["--name a --name b img", { name: "b" }],
    ["--pull always img", { pull: "always" }],
    ["--pull never img", { pull: "never" }],
    ["--pull= img", { pull: "missing" }],
    ["-q img", { isPullQuiet: true }],
    ["--platform linux/arm64/v8 img", { platform: "linux/arm64/v8" }],
    ["--sig-proxy=false img", { forwardSignals: false }],
    ["--cidfile /tmp/id img", { cidFile: "/tmp/id" }],
    ["--detach-keys ctrl-a,x,DEL img", { detachKeys: [1, 120, 127] }],
    ["--detach-keys ctrl-@,ctrl-[,ctrl-_ img", { detachKeys: [0, 27, 31] }],
    ["--detach-keys= img", { detachKeys: [16, 17] }],
    ["--volumes-from a --volumes-from b:ro img", { volumesFrom: ["a", "b:ro"] }],
    ["--nmz-autopilot shake.toml img", { autopilotFile: "shake.toml" }],
    ["--nmz-seed 4f1c img", { seed: "4f1c" }],
    ["--nmz-out out img", { outDir: "out" }],
    ["--nmz-disable fs,proc img", { disabled: new Set(["fs", "proc"]) }],
    ["--nmz-disable fs --nmz-disable ethernet img", { disabled: new Set(["fs", "ethernet"]) }],
    ["-a stdout -a STDERR img", { isInteractive: false }],
    ["-i -a stdin -a stdout -a stderr img", { isInteractive: true }],
  ];
  it.each(fields)("reads `%s`", (line, expected) => {
    expect(parse(line)).toMatchObject(expected);
  });

  it("takes the platform of the environment, and the flag before it", () => {
    expect(parse("img", { DOCKER_DEFAULT_PLATFORM: "linux/386" }).platform).toBe("linux/386");
    expect(parse("--platform linux/amd64 img", { DOCKER_DEFAULT_PLATFORM: "linux/386" }).platform).toBe(
      "linux/amd64",
    );
  });

  it("leaves everything after the image to the workload", () => {
    expect(parse("--rm img ls --rm -it -- --name x").body.Cmd).toEqual([
      "ls",
      "--rm",
      "-it",
      "--",
      "--name",
      "x",
    ]);
  });

  it("attaches stdin only when it is kept open and the run is not in the background", () => {
    expect(parse("-i img").body).toMatchObject({ OpenStdin: true, AttachStdin: true, StdinOnce: true });
    expect(parse("-id img").body).toMatchObject({
      OpenStdin: true,
      AttachStdin: false,
      StdinOnce: false,
      AttachStdout: false,
      AttachStderr: false,
    });
  });

  it.each([
    ["-a stdin img", "--attach stdin is not possible"],
    ["-a stderr img", "--attach stderr is not possible"],
    ["-d -a stdout img", "conflicting options: cannot specify both --attach and --detach"],
    [
      "--attach stdfoo img",
      'invalid argument "stdfoo" for "-a, --attach": valid streams are STDIN, STDOUT and STDERR',
    ],
    ["--detach-keys ctrl-1 img", '"ctrl-1" in --detach-keys "ctrl-1" is not a key'],
    ["--pull sometimes img", 'must be one of "always", "missing" or "never"'],
    ["--nmz-disable ethernte img", 'no inspector "ethernte", did you mean ethernet? (ethernet, fs, proc)'],
    ["--nmz-seed= img", "a seed is a word that is not empty"],
    ["--volumes-from a:rwx img", "invalid mode: rwx"],
    ["-- ", "the image has no name"],
  ])("refuses `%s`", (line, message) => {
    expect(() => parse(line)).toThrow(message);
  });

  it("exits with 125 and names the flag and the value that is wrong", () => {
    expect(() => parse("--memory abc img")).toThrow(
      expect.objectContaining({
        code: "NMZ_CLI_FLAG_VALUE",
        exitCode: 125,
        message: `invalid argument "abc" for "-m, --memory": invalid size: 'abc' (like 512, 64k, 1.5g)`,
        hint: "see 'nmzc run --help'",
      }),
    );
  });
});
