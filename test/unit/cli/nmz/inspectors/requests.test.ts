import { describe, expect, it } from "vitest";
import type { EthernetRequest, FsRequest, ProcRequest } from "../../../../../src/standalone/index.js";
import { type FakeOptions, runCli } from "../../fake-context.js";

type Requests = { proc: ProcRequest; fs: FsRequest; ethernet: EthernetRequest };

/** What the command line asks of src/standalone. */
async function requestOf<Name extends keyof Requests>(
  name: Name,
  words: readonly string[],
  options: FakeOptions = {},
): Promise<Requests[Name]> {
  let asked: unknown;
  const take = async (request: unknown): Promise<number> => {
    asked = request;
    return 3;
  };
  const services = { inspectProc: take, inspectFs: take, inspectEthernet: take };
  const { exitCode, stderr } = await runCli(["nmz", "inspectors", name, ...words], { ...options, services });
  expect(stderr).toBe("");
  expect(exitCode).toBe(3);
  return asked as Requests[Name];
}

async function failureOf(...words: readonly string[]): Promise<string> {
  const { exitCode, stderr } = await runCli(["nmz", "inspectors", ...words]);
  expect([1, 125]).toContain(exitCode);
  return stderr;
}

const local = {
  orchestratorUrl: "local://",
  token: undefined,
  autopilotFile: undefined,
  seed: undefined,
  outDir: undefined,
};

describe("nmz inspectors", () => {
  it("takes Namazu's own words for an NFQUEUE and an orchestrator elsewhere", async () => {
    const words = "-nfq-number 42 -orchestrator-url http://127.0.0.1:10080/api/v3 -entity-id foo";
    expect(await requestOf("ethernet", words.split(" "))).toEqual({
      wire: { ...local, orchestratorUrl: "http://127.0.0.1:10080/api/v3" },
      entity: "foo",
      queueNumber: 42,
      netns: undefined,
      install: undefined,
    });
  });

  it("has Namazu's defaults: local:// and the inspectors' own entities", async () => {
    expect(await requestOf("ethernet", ["-nfq-number", "1"])).toMatchObject({
      wire: local,
      entity: "_namazu_ethernet_inspector",
    });
    expect(await requestOf("proc", ["-pid", "1"])).toMatchObject({
      wire: local,
      entity: "_namazu_proc_inspector",
      watchIntervalMs: undefined,
    });
    expect(await requestOf("fs", ["-original-dir", "a", "-mount-point=b"])).toMatchObject({
      wire: local,
      entity: "_namazu_fs_inspector",
      driver: undefined,
    });
  });

  it("reads the flags that all share, files relative to where it was called", async () => {
    const words = ["-autopilot", "a.toml", "--seed=tuna", "--nmz-out", "out", "-token", "t", "-pid", "7"];
    const { wire } = await requestOf("proc", words);
    expect(wire).toEqual({
      orchestratorUrl: "local://",
      token: "t",
      autopilotFile: "/home/user/a.toml",
      seed: "tuna",
      outDir: "/home/user/out",
    });
  });

  it("takes the token from NMZ_TOKEN, which the flag overrides", async () => {
    const env = { NMZ_TOKEN: "secret" };
    expect((await requestOf("proc", ["-pid", "7"], { env })).wire.token).toBe("secret");
    expect((await requestOf("proc", ["-pid", "7", "-token", "t"], { env })).wire.token).toBe("t");
  });
});

describe("nmz inspectors proc", () => {
  it("cuts --cmd at blanks, and takes the words after -- as they are", async () => {
    const cut = await requestOf("proc", ["-cmd", "a  'b c' ", "-stdout", "o", "-watch-interval", "100ms"]);
    expect(cut.target).toMatchObject({
      kind: "command",
      words: ["a", "'b", "c'"],
      stdoutFile: "/home/user/o",
    });
    expect(cut.watchIntervalMs).toBe(100);
    const plain = await requestOf("proc", ["--", "a", "b c", "-pid"]);
    expect(plain.target).toMatchObject({ kind: "command", words: ["a", "b c", "-pid"] });
  });

  it("wants exactly one of --pid, --cmd and a command", async () => {
    expect(await failureOf("proc")).toContain("has nothing to shake");
    expect(await failureOf("proc", "-pid", "1", "-cmd", "a")).toContain("one thing at a time");
    expect(await failureOf("proc", "-cmd", "a", "--", "b")).toContain("one thing at a time");
    expect(await failureOf("proc", "-cmd", " ")).toContain("names no command");
  });

  it("refuses pids, intervals and files that are none", async () => {
    expect(await failureOf("proc", "-pid", "0")).toContain("below 1");
    expect(await failureOf("proc", "-pid", "1", "-watch-interval", "0s")).toContain("more than 0");
    expect(await failureOf("proc", "-pid", "1", "-stdout", "o")).toContain("a command that is started");
  });
});

describe("nmz inspectors fs", () => {
  it("wants both folders", async () => {
    expect(await failureOf("fs", "-original-dir", "a")).toContain("needs --mount-point");
    expect(await failureOf("fs", "-mount-point", "a")).toContain("needs --original-dir");
    expect(await failureOf("fs", "-driver", "ntfs")).toContain("must be one of kernel, fuse-native");
  });
});

describe("nmz inspectors ethernet", () => {
  it("reads a filter for rules of its own", async () => {
    const words =
      "--install-rule --uid-owner 1000 --protocol tcp --sport 80 --dport 2888-3888 --chain OUTPUT";
    expect(await requestOf("ethernet", [...words.split(" "), "--netns", "h1"])).toMatchObject({
      queueNumber: undefined,
      netns: "h1",
      install: {
        uidOwner: "1000",
        protocols: ["tcp"],
        ports: [],
        sourcePorts: [{ from: 80, to: 80 }],
        destinationPorts: [{ from: 2888, to: 3888 }],
        directions: ["output"],
      },
    });
  });

  it("refuses what would not be a rule", async () => {
    expect(await failureOf("ethernet", "--install-rule", "--uid-owner", "a -j DROP")).toContain(
      "neither a user",
    );
    expect(await failureOf("ethernet", "--install-rule", "--port", "80-70")).toContain("below 80");
    expect(await failureOf("ethernet", "--install-rule", "--protocol", "ip")).toContain("must be one of");
    expect(await failureOf("ethernet", "-nfq-number", "70000")).toContain("above 65535");
    expect(await failureOf("ethernet", "-nfq-number", "1", "--port", "80")).toContain("rules of our own");
  });
});
