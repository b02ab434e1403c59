import { tomlText } from "../../config/index.js";

/** What must be there for a way of shaking to shake anything. */
export interface Shakeable {
  /** The workload has a network of its own. */
  readonly network: boolean;
  /** Folders of the workload go through nmzc. */
  readonly volumes: boolean;
  /** Of this machine. */
  readonly cpus: number;
}

/** One way of shaking that --tune tries. */
export interface TunedChoice {
  readonly name: string;
  /** What it does, in a few words for people. */
  readonly meaning: string;
  /** As an autopilot file has it. */
  readonly config: Readonly<Record<string, unknown>>;
}

type Inspectors = "network" | "volumes" | "threads";

const enabling = {
  network: "enableEthernetInspector",
  volumes: "enableFSInspector",
  threads: "enableProcInspector",
} as const;

const manyHooks = [
  ...["post-read", "post-opendir", "pre-mkdir", "pre-rmdir", "pre-fsync"],
  ...["pre-open", "pre-create", "pre-write", "pre-rename", "pre-unlink"],
];

interface Entry extends TunedChoice {
  readonly shakes: readonly Inspectors[];
}

/** Delays from a few milliseconds to what timeouts are made of, each policy, each way to schedule, and one CPU. */
const all: readonly Entry[] = [
  entry("gentle", "everything by up to 20 ms", ["network", "volumes", "threads"], {
    ...random("20ms"),
  }),
  entry("network-short", "packets by up to 10 ms", ["network"], random("10ms")),
  entry("network-long", "packets by up to 200 ms", ["network"], random("200ms")),
  entry("network-pct", "a fifth of the streams late by up to 100 ms", ["network"], pct(0.2, "20ms", "100ms")),
  entry("network-starve", "one stream at a time held for 300 ms", ["network"], {
    ...{ explorePolicy: "starve", explorePolicyParam: { hold: "300ms" } },
  }),
  entry("network-one-cpu", "packets by up to 50 ms, on one CPU", ["network", "threads"], {
    ...random("50ms"),
    proc: { cpus: 1 },
  }),
  entry("disk-short", "file operations by up to 10 ms", ["volumes"], {
    ...random("10ms"),
    fs: { hooks: manyHooks },
  }),
  entry("disk-pct", "a third of the files late by up to 100 ms", ["volumes"], {
    ...pct(0.3, "20ms", "100ms"),
    fs: { hooks: manyHooks },
  }),
  entry("threads-mild", "threads with random nice values", ["threads"], scheduled("mild")),
  entry("threads-extreme", "some threads real-time", ["threads"], scheduled("extreme")),
  entry("threads-dirichlet", "random shares of the CPU", ["threads"], scheduled("dirichlet")),
  entry("one-cpu", "random nice values on one CPU", ["threads"], { ...scheduled("mild"), proc: { cpus: 1 } }),
];

/** What is worth trying on this workload; `gentle` at least. */
export function choicesFor(there: Shakeable): readonly TunedChoice[] {
  const has = { network: there.network, volumes: there.volumes, threads: true };
  return all.filter(
    ({ name, shakes, config }) =>
      name === "gentle" ||
      (shakes.every((inspector) => has[inspector]) && (there.cpus > 1 || config["proc"] === undefined)),
  );
}

function entry(
  name: string,
  meaning: string,
  shakes: readonly Inspectors[],
  config: Readonly<Record<string, unknown>>,
): Entry {
  const container: Record<string, unknown> = {};
  for (const [inspector, key] of Object.entries(enabling)) {
    container[key] = shakes.includes(inspector as Inspectors);
  }
  if (shakes.length === 1 && shakes[0] === "threads") container["procWatchInterval"] = "200ms";
  return { name, meaning, shakes, config: { ...config, container } };
}

function random(maxInterval: string) {
  return {
    explorePolicy: "random",
    explorePolicyParam: { minInterval: "0ms", maxInterval, procPolicy: "mild" },
  };
}

function pct(slow: number, minDelay: string, maxDelay: string) {
  return { explorePolicy: "pct", explorePolicyParam: { slow, minDelay, maxDelay } };
}

function scheduled(procPolicy: string) {
  return { explorePolicy: "random", explorePolicyParam: { procPolicy } };
}

/** A choice as a file that --nmz-autopilot takes, for those who want it again. */
export function choiceToml({ meaning, config }: TunedChoice): string {
  const lines = Object.entries(config).map(([key, value]) => `${key} = ${tomlText(value)}`);
  return `# ${meaning}\n\n${lines.join("\n")}\n`;
}

/** How many runs the search may have: a third of a campaign, five for each choice where its length is not known. */
export function searchRunsOf(runs: number | undefined, choices: number): number {
  return runs === undefined ? 5 * choices : Math.ceil(runs / 3);
}
