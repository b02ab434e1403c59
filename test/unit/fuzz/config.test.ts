import fc from "fast-check";
import { stringify as stringifyToml } from "smol-toml";
import { describe } from "vitest";
import { stringify as stringifyYaml } from "yaml";
import { autopilotKeys, parseAutopilot } from "../../../src/config/index.js";
import { policies } from "../../../src/policy/index.js";
import { randomParams } from "../../../src/policy/random-params.js";
import { formatDurationMs, NmzError, parseDurationMs } from "../../../src/util/index.js";
import { damagedText } from "./damage.js";
import { damagedJson } from "./damaged-json.js";
import { fuzz, onlyThrows } from "./fuzz.js";

const sample = {
  init: "init.sh",
  run: "run.sh",
  restPort: 10080,
  explorePolicy: "random",
  explorePolicyParam: {
    minInterval: "5ms",
    maxInterval: "1m30s",
    faultActionProbability: 0.5,
    procPolicy: "dirichlet",
    procPolicyParam: { useBatch: true },
  },
  container: { enableEthernetInspector: true, ethernetNFQNumber: 43, procWatchInterval: "250ms" },
  ethernet: {
    driver: "netlink",
    directions: ["output", "input"],
    match: [{ protocol: "tcp", ports: ["2888-3888", 80] }],
  },
  fs: { driver: "kernel", hooks: ["pre-fsync", "post-read"] },
};
const toml = [
  stringifyToml(sample),
  'run = "a"\n\n[[ethernet.match]]\nprotocol = ["tcp", \'udp\']\nports = [ 1,\n  "2-3", # two\n]\n[[ethernet.match]]\n',
  'explorePolicy = "dumb"\n[explorePolicyParam]\ninterval = 8_0\n"quoted \\u00e9" = """\nmany\\\n  lines"""\nother = \'\'\'x\'\'\'\n',
  "container.procWatchInterval = 1979-05-27T07:32:00Z\nfs = { hooks = [], driver = 'kernel' }\nx = inf\ny = -nan\nz = 0xdead_beef\n",
];
const yaml = [
  stringifyYaml(sample),
  "base: &base\n  restPort: 1\ncontainer:\n  <<: *base\n  procWatchInterval: 1s\nrun: |\n  many\n  lines\n",
  "? [complex, key]\n: value\nlist:\n- !!str 1\n- !!binary aGk=\n- ~\n--- \nsecond: document\n",
  "%YAML 1.2\n---\na: 'single'\nb: \"dou\\x62le\"\nc: >-\n  folded\n",
];
const json = [
  JSON.stringify(sample),
  JSON.stringify(sample, null, 2),
  '{"a":[],"b":{},"c":-1.5e3,"d":"\\u00e9\\n"}',
];

const formats = ["toml", "yaml", "json"] as const;

function isConfigError(error: unknown): boolean {
  if (!(error instanceof NmzError) || !error.code.startsWith("NMZ_CONFIG_")) return false;
  // Every line of it names the file and where in it, but for the picture below a syntax error.
  const [first = "", ...rest] = error.message.split("\n");
  if (!/^fuzzed(?::\d+){0,2}: ./.test(first)) throw error;
  if (error.code === "NMZ_CONFIG_INVALID" && error.hint === undefined) throw error;
  if (rest.length > 0 && error.code === "NMZ_CONFIG_SYNTAX" && !rest[0]!.includes(" | ")) throw error;
  return true;
}

function load(text: string, format: (typeof formats)[number]): void {
  const loaded = onlyThrows(() => parseAutopilot(text, format, "fuzzed", policies), isConfigError);
  if (loaded === undefined) return;
  const { autopilot } = loaded;
  if (!Object.isFrozen(autopilot)) throw new Error("it can be changed");
  const { procWatchIntervalMs, ethernetNFQNumber } = autopilot.container;
  if (!(procWatchIntervalMs > 0) || !Number.isInteger(ethernetNFQNumber)) throw new Error("no such value");
}

describe("Configs", () => {
  const marks = [
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    '"',
    "'",
    '"""',
    "'''",
    "=",
    ".",
    ",",
    "\n",
    "#",
    "\\",
    "\\u",
    "_",
    "1e9",
    "inf",
  ];
  fuzz("config in TOML", 30_000, damagedText(toml, marks, 4096), (text) => load(text, "toml"));

  const yamlMarks = [
    "- ",
    ": ",
    "\n",
    "  ",
    "&a ",
    "*a",
    "<<: ",
    "!!map ",
    "|",
    ">",
    "? ",
    "---\n",
    "...\n",
    "%",
    "'",
    '"',
    "{",
    "[",
    "#",
  ];
  fuzz("config in YAML", 8_000, damagedText(yaml, yamlMarks, 2048), (text) => load(text, "yaml"));

  fuzz(
    "config in JSON",
    40_000,
    damagedText(json, ["{", "}", "[", "]", '"', ",", ":", "\\u", "-", "null", "\n"], 8192),
    (text) => load(text, "json"),
  );

  const keys = [
    ...Object.keys(autopilotKeys),
    ...Object.keys(randomParams),
    "match",
    "ports",
    "protocol",
    "procPolicyParam",
  ];
  const data = fc.tuple(
    damagedJson([sample], [...keys, ...policies.keys(), "both", "80ms", "2888-3888"]),
    fc.constantFrom(...formats),
  );
  fuzz("keys of the config", 6_000, data, ([value, format]) => {
    let text: string;
    try {
      text =
        format === "json"
          ? JSON.stringify(value)
          : format === "yaml"
            ? stringifyYaml(value)
            : stringifyToml(value as Record<string, unknown>);
    } catch {
      return; // not every value can be written in every format
    }
    load(text, format);
  });

  const durations = ["80ms", "1m30s", "-1.5h", "0", "100us", "5µs", "1h2m3s4ms5us6ns", ".5s", "+3m"];
  const units = ["ns", "us", "µs", "ms", "s", "m", "h", ".", "-", "+", "1", "e9"];
  fuzz("durations", 40_000, damagedText(durations, units), (text) => {
    const isDuration = (error: unknown) => error instanceof NmzError && error.code === "NMZ_DURATION_INVALID";
    const milliseconds = onlyThrows(() => parseDurationMs(text), isDuration);
    if (milliseconds === undefined) return;
    if (Number.isNaN(milliseconds)) throw new Error(`NaN of ${text}`);
    if (Math.abs(milliseconds) > 1e9 || milliseconds === 0) return;
    // Written and read again it is the same to the nanosecond, as far as a double can tell.
    const again = parseDurationMs(formatDurationMs(milliseconds));
    if (Math.abs(again - milliseconds) > 2e-6) throw new Error(`${text}: ${milliseconds} became ${again}`);
  });
});
