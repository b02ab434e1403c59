import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultAutopilot, type LoadedAutopilot, loadAutopilot } from "../../../src/config/index.js";
import { policies } from "../../../src/policy/index.js";
import { NmzError } from "../../../src/util/index.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Loads a text as the file of that name; messages then start with `NAME:`. */
function load(name: string, text: string): LoadedAutopilot {
  const file = join(folder, name);
  writeFileSync(file, text);
  return loadAutopilot(file, policies);
}

function errorOf(act: () => unknown): NmzError {
  try {
    act();
  } catch (error) {
    if (error instanceof NmzError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

/** The problems of a bad config, without the folder's name. */
function problemsOf(name: string, text: string): string[] {
  const error = errorOf(() => load(name, text));
  expect(error.code).toBe("NMZ_CONFIG_INVALID");
  return error.message.split("\n").map((line) => line.replace(`${folder}/`, ""));
}

const namazuDefaults = {
  init: "",
  run: "",
  validate: "",
  clean: "",
  notCleanIfValidationFail: false,
  storageType: "naive",
  restPort: -1,
  pbPort: -1,
  skipInitOrchestrator: false,
  explorePolicy: "random",
  explorePolicyParam: {},
  faults: [],
  container: {
    enableEthernetInspector: false,
    enableProcInspector: true,
    enableFSInspector: true,
    ethernetNFQNumber: 42,
    procWatchIntervalMs: 1000,
  },
  proc: { cpus: 0, clockOffset: { monotonicMs: 0, boottimeMs: 0 } },
  ethernet: { driver: "netlink", directions: ["output"], match: [] },
  fs: {
    driver: "kernel",
    hooks: ["post-read", "post-opendir", "pre-mkdir", "pre-rmdir", "pre-fsync"],
    crash: false,
    directReads: false,
  },
};

describe("loadAutopilot", () => {
  it.each([
    ["empty.toml", ""],
    ["empty.yaml", ""],
    ["empty.yml", "# nothing\n"],
    ["empty.json", "{}"],
  ])("takes Namazu's defaults for what %s does not say", (name, text) => {
    expect(load(name, text).autopilot).toEqual(namazuDefaults);
  });

  it("merges a partial table key by key", () => {
    const { autopilot } = load("partial.toml", "[container]\nenableEthernetInspector = true\n");
    expect(autopilot.container).toEqual({ ...namazuDefaults.container, enableEthernetInspector: true });
  });

  it("reads the same from TOML, YAML and JSON, whatever the case of the keys", () => {
    const toml = load(
      "a.toml",
      'EXPLOREpolicy = "dumb"\n[ExplorePolicyParam]\ninterval = "80ms"\n[CONTAINER]\nprocwatchinterval = 500000000\n[ethernet]\nDirection = "both"\n[[ethernet.match]]\nprotocol = "tcp"\nports = [2888, "3888-3890"]\n',
    );
    const yaml = load(
      "a.yaml",
      'explorePolicy: dumb\nexplorePolicyParam: {interval: 80ms}\ncontainer:\n  procWatchInterval: 500ms\nethernet:\n  directions: [output, input]\n  match:\n    - protocol: [tcp]\n      ports: ["2888", 3888-3890]\n',
    );
    const json = load(
      "a.json",
      '{"explorepolicy": "dumb", "explorePolicyParam": {"interval": "80ms"}, "container.procWatchInterval": "0.5s", "ethernet": {"direction": ["both"], "match": [{"Protocol": "tcp", "PORTS": ["2888", "3888 - 3890"]}]}}',
    );
    expect(toml.autopilot).toEqual({
      ...namazuDefaults,
      explorePolicy: "dumb",
      explorePolicyParam: { interval: "80ms" },
      container: { ...namazuDefaults.container, procWatchIntervalMs: 500 },
      ethernet: {
        driver: "netlink",
        directions: ["output", "input"],
        match: [
          {
            protocol: ["tcp"],
            ports: [
              { from: 2888, to: 2888 },
              { from: 3888, to: 3890 },
            ],
            directions: ["output", "input"],
          },
        ],
      },
    });
    expect(yaml.autopilot).toEqual(toml.autopilot);
    expect(json.autopilot).toEqual(toml.autopilot);
    expect([toml.format, yaml.format, json.format]).toEqual(["toml", "yaml", "json"]);
  });

  it("looks in every direction that a match names, and leaves the other matches as they were", () => {
    const { ethernet } = load(
      "a.toml",
      '[ethernet]\nmatch = [{ protocol = "tcp" }, { ports = 53, direction = "input" }]\n',
    ).autopilot;
    expect(ethernet.directions).toEqual(["output", "input"]);
    expect(ethernet.match.map((match) => match.directions)).toEqual([["output"], ["input"]]);
  });

  it("freezes everything", () => {
    const { autopilot } = load("a.toml", '[explorePolicyParam]\nprioritizedEntities = ["a"]\n');
    expect(() => {
      (autopilot.container as { ethernetNFQNumber: number }).ethernetNFQNumber = 1;
    }).toThrow(TypeError);
    expect(() => (autopilot.explorePolicyParam["prioritizedEntities"] as string[]).push("b")).toThrow(
      TypeError,
    );
  });

  it("knows where each value came from", () => {
    const { origins } = load(
      "a.toml",
      '# comment\nrun = "run.sh"\n\n[explorePolicyParam]\nMININTERVAL = "1ms"\n\n[container]\n  enableFSInspector = false\n',
    );
    const file = join(folder, "a.toml");
    expect(origins.get("run")).toEqual({ kind: "file", file, line: 2 });
    expect(origins.get("explorePolicyParam.minInterval")).toEqual({ kind: "file", file, line: 5 });
    expect(origins.get("container.enableFSInspector")).toEqual({ kind: "file", file, line: 8 });
    expect(origins.get("container.enableProcInspector")).toEqual({ kind: "default" });
    expect(origins.get("explorePolicyParam.maxInterval")).toEqual({ kind: "default" });
  });

  it("passes on what a policy warns of", () => {
    const { warnings } = load("a.toml", '[explorePolicyParam]\nshellActionCommand = "true"\n');
    expect(warnings).toEqual(["shellActionCommand is ignored, because shellActionInterval is 0"]);
  });

  it("says when a setting belongs to an inspector that is off", () => {
    const text = '[ethernet]\ndirections = ["input"]\n';
    expect(load("a.toml", text).warnings).toEqual([
      "ethernet.directions has no effect without container.enableEthernetInspector = true",
    ]);
    expect(load("a.toml", `[container]\nenableEthernetInspector = true\n${text}`).warnings).toEqual([]);
  });

  it("lists every problem with file, line, key, expected, got and the nearest known word, in the file's order", () => {
    const text = [
      'explorePolcy = "random"',
      "[container]",
      "ethernetNFQNumber = 70000",
      "procWatchInterval = 0",
      "enableProcInspector = 1",
      "restport = 3",
      "[explorePolicyParam]",
      'procPolicy = "extrem"',
      'maxIntervall = "5ms"',
      "[ethernet]",
      'driver = "netlik"',
      "match = [",
      '  { protocl = "tcp" },',
      '  { ports = ["80", "x"], protocol = "tpc" },',
      "]",
      "[fs]",
      'hooks = ["pre-mkdir", "pre-mkdri"]',
    ].join("\n");
    expect(problemsOf("bad.toml", text)).toEqual([
      'bad.toml:1: unknown key "explorePolcy"; did you mean "explorePolicy"?',
      "bad.toml:3: container.ethernetNFQNumber: expected a whole number from 1 to 65535, got 70000",
      'bad.toml:4: container.procWatchInterval: expected a duration above 0, such as "80ms" (a bare number is nanoseconds), got 0',
      "bad.toml:5: container.enableProcInspector: expected true or false, got 1",
      'bad.toml:6: unknown key "container.restport"; did you mean "restPort"?',
      'bad.toml:8: explorePolicyParam.procPolicy: expected one of "mild", "extreme", "dirichlet", got "extrem"; did you mean "extreme"?',
      'bad.toml:9: unknown key "explorePolicyParam.maxIntervall"; did you mean "maxInterval"?',
      'bad.toml:11: ethernet.driver: expected one of "netlink", "nfqueue", got "netlik"; did you mean "netlink"?',
      'bad.toml:13: unknown key "ethernet.match[0].protocl"; did you mean "protocol"?',
      'bad.toml:14: ethernet.match[1].ports[1]: expected a port from 1 to 65535, or a range such as "2888-3888", got "x"',
      'bad.toml:14: ethernet.match[1].protocol: expected one of "tcp", "udp", "icmp", "icmpv6", "sctp", got "tpc"; did you mean "tcp"?',
      expect.stringMatching(
        /^bad\.toml:17: fs\.hooks\[1\]: .*, got "pre-mkdri"; did you mean "pre-mkdir"\?$/,
      ),
    ]);
  });

  it("names the lines of YAML and JSON as well", () => {
    const yaml = "container:\n  ethernetNFQNumber: many\nfs:\n  hooks:\n    - pre-open\n    - pre-opne\n";
    expect(problemsOf("bad.yaml", yaml)).toEqual([
      'bad.yaml:2: container.ethernetNFQNumber: expected a whole number from 1 to 65535, got "many"',
      expect.stringContaining('bad.yaml:6: fs.hooks[1]: expected one of "post-read"'),
    ]);
    expect(
      problemsOf("bad.json", '{\n  "container": {\n    "enableFSInspector": null\n  },\n  "rnu": ""\n}'),
    ).toEqual([
      "bad.json:3: container.enableFSInspector: expected true or false, got null",
      'bad.json:5: unknown key "rnu"; did you mean "run"?',
    ]);
  });

  it("refuses a key that is given twice in different case", () => {
    expect(problemsOf("twice.toml", 'run = "a"\nRun = "b"\n')).toEqual([
      'twice.toml:2: "Run" is given twice (keys are case-insensitive)',
    ]);
  });

  it("refuses a policy that is not there", () => {
    expect(problemsOf("policy.toml", '\nexplorePolicy = "replayble"\n')).toEqual([
      'policy.toml:2: explorePolicy: expected one of "random", "dumb", "replayable", "pct", "starve", "partition", "pos", "mix", or a file such as "./mypolicy.ts", got "replayble"; did you mean "replayable"?',
    ]);
  });

  it("refuses what only the policy knows to be wrong, at its line", () => {
    const text = '[explorePolicyParam]\nminInterval = "10ms"\nmaxInterval = "5ms"\n';
    expect(problemsOf("bounds.toml", text)).toEqual([
      'bounds.toml:3: explorePolicyParam.maxInterval: expected at least minInterval (10ms), got "5ms"',
    ]);
  });

  it("leaves the policy to others when it is told of no policies", () => {
    const file = join(folder, "own.toml");
    writeFileSync(file, 'explorePolicy = "mypolicy"\n[explorePolicyParam]\nanything = 1\n');
    const { autopilot, origins } = loadAutopilot(file);
    expect(autopilot.explorePolicy).toBe("mypolicy");
    expect(origins.get("explorePolicyParam.anything")).toEqual({ kind: "file", file, line: 3 });
  });

  it.each([
    ["bad.toml", 'run = "run.sh"\nclean = [1,\n', /bad\.toml:3:1: .+\n {2}3 \| \n {4}\| \^$/],
    ["bad.toml", "a = 1\nb = = 2\n", /bad\.toml:2:5: .+\n {2}2 \| b = = 2\n {4}\| {5}\^$/],
    ["bad.yaml", "a: 1\n\tb: 2\n", /bad\.yaml:2:1: .+\n {2}2 \| {2}b: 2\n/],
    ["bad.yaml", "a: *unknown\n", /bad\.yaml:1:\d+: /],
    ["bad.json", '{\n  "run": "x",\n}', /bad\.json:3:1: expected a key in double quotes, found "}"\n/],
    ["bad.json", '{"run": ru}', /bad\.json:1:9: expected a value, found "r"\n/],
    ["bad.json", '{"run": "x', /bad\.json:1:9: string without an end\n/],
    ["bad.json", '{"run": "x"} more', /bad\.json:1:14: expected nothing more, found "m"\n/],
    ["bad.json", '{"run": 1, "run": 2}', /bad\.json:1:12: key "run" is given twice\n/],
    ["bad.json", "", /bad\.json:1:1: expected a value, found the end of the file\n/],
  ])("shows the line of a syntax error in %s: %j", (name, text, message) => {
    const error = errorOf(() => load(name, text));
    expect(error.code).toBe("NMZ_CONFIG_SYNTAX");
    expect(error.message).toMatch(message);
  });

  it("refuses a top level that is no table", () => {
    for (const [name, text] of [
      ["a.json", "[1]"],
      ["a.yaml", "just a word"],
    ] as const) {
      const error = errorOf(() => load(name, text));
      expect(error.message).toContain("expected a table of keys at the top level");
    }
  });

  it("says why a file cannot be read, or what kind of file it may be", () => {
    expect(errorOf(() => loadAutopilot(join(folder, "none.toml"))).code).toBe("NMZ_CONFIG_UNREADABLE");
    expect(errorOf(() => loadAutopilot(join(folder, "config.ini"))).hint).toBe(
      "name it .toml, .yaml, .yml or .json",
    );
  });

  it("steps over the mark that some editors put first", () => {
    expect(load("mark.json", '\ufeff{"run": "run.sh"}').autopilot.run).toBe("run.sh");
  });

  it.each([
    ["test/fixtures/autopilot", readdirSync("test/fixtures/autopilot")],
    ["examples/autopilot", readdirSync("examples/autopilot")],
    ["runtime/autopilot", readdirSync("runtime/autopilot")],
  ])("loads every file of %s without a warning", (where, files) => {
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) expect(loadAutopilot(join(where, file), policies).warnings).toEqual([]);
  });

  it("takes the words true and false for booleans, as published configs write them", () => {
    const { autopilot } = loadAutopilot("test/fixtures/autopilot/boolean-as-word.toml", policies);
    expect(autopilot.notCleanIfValidationFail).toBe(true);
  });
});

describe("defaultAutopilot", () => {
  it("shakes everything, gently, and says that this is nmzc's own choice", () => {
    const { autopilot, origins, format } = defaultAutopilot(policies);
    expect(autopilot.container).toEqual({ ...namazuDefaults.container, enableEthernetInspector: true });
    expect(autopilot.explorePolicy).toBe("random");
    expect(autopilot.explorePolicyParam).toEqual({
      minInterval: "0ms",
      maxInterval: "20ms",
      procPolicy: "mild",
    });
    expect(format).toBe("preset");
    expect(origins.get("container.enableEthernetInspector")).toEqual({ kind: "preset" });
    expect(origins.get("explorePolicyParam.maxInterval")).toEqual({ kind: "preset" });
    expect(origins.get("restPort")).toEqual({ kind: "default" });
  });
});
