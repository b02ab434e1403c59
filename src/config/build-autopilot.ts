import { nearest } from "../util/index.js";
import type { Autopilot, Direction } from "./autopilot.js";
import type { FaultRule } from "./fault-rule.js";
import { type KeyPath, type KeyProblem, readTable } from "./key-table.js";
import { type AutopilotValues, autopilotKeys } from "./keys.js";
import type { LoadedAutopilot, Origin, PolicyTables } from "./loaded-autopilot.js";

/** From plain data, of whatever format, to the typed object. Never throws; what is wrong comes back as problems. */
export function buildLoadedAutopilot(
  data: Readonly<Record<string, unknown>>,
  format: LoadedAutopilot["format"],
  originOf: (path: KeyPath) => Origin,
  policies: PolicyTables | undefined,
): { loaded: LoadedAutopilot; problems: readonly KeyProblem[] } {
  const { values: read, given, problems } = readTable(autopilotKeys, data);
  const values = withHooksOfRules(read);
  const origins = new Map<string, Origin>();
  const noteOrigins = (keys: readonly string[], prefix: string, paths: ReadonlyMap<string, KeyPath>) => {
    for (const key of keys) {
      const path = paths.get(key);
      origins.set(`${prefix}${key}`, path === undefined ? { kind: "default" } : originOf(path));
    }
  };
  noteOrigins(Object.keys(autopilotKeys), "", given);
  if (values !== read) origins.set("fs.hooks", originOf(given.get("faults") ?? []));

  const params = values.explorePolicyParam;
  const paramsPath = given.get("explorePolicyParam") ?? [];
  const policy = policies?.get(values.explorePolicy);
  const found: KeyProblem[] = [...problems];
  const warnings = [...settingsOfUnusedInspectors(values, given), ...rulesWithoutEvents(values)];
  let policyParams: LoadedAutopilot["policyParams"];
  if (policy !== undefined) {
    const reading = readTable(policy.params, params, paramsPath);
    found.push(...reading.problems);
    const wrong = reading.problems.length === 0 ? policy.check?.(reading.values) : undefined;
    if (wrong !== undefined) found.push({ ...wrong, path: [...paramsPath, ...wrong.path] });
    else if (reading.problems.length === 0) warnings.push(...(policy.warnings?.(reading.values) ?? []));
    noteOrigins(Object.keys(policy.params), "explorePolicyParam.", reading.given);
    policyParams = { table: policy.params, values: reading.values };
  } else {
    if (policies !== undefined) found.push(unknownPolicy(values, given, policies));
    const paths = new Map(Object.keys(params).map((key) => [key, [...paramsPath, key]]));
    noteOrigins(Object.keys(params), "explorePolicyParam.", paths);
  }
  const autopilot = toAutopilot(values);
  return {
    loaded: Object.freeze({ autopilot, origins, format, warnings, values, policyParams }),
    problems: found,
  };
}

/** Namazu's defaults leave inspectors out; who sets something of one wants it. */
function settingsOfUnusedInspectors(values: AutopilotValues, given: ReadonlyMap<string, KeyPath>): string[] {
  const sections = [
    ["ethernet", "container.enableEthernetInspector"],
    ["fs", "container.enableFSInspector"],
    ["proc", "container.enableProcInspector"],
  ] as const;
  return sections.flatMap(([section, enable]) => {
    const key = [...given.keys()].find((name) => name.startsWith(`${section}.`));
    if (key === undefined || values[enable]) return [];
    return [`${key} has no effect without ${enable} = true`];
  });
}

/** What the kernel's cache reads ahead or keeps cannot be told wrong; late it can be. */
function isAboutReads({ on, files, fault }: FaultRule): boolean {
  return on === "files" && fault !== "slow-fsync" && files.op.includes("post-read");
}

/** The operations that fault rules are about are hooked, whatever `fs.hooks` says. */
function withHooksOfRules(values: AutopilotValues): AutopilotValues {
  const hooks = values["fs.hooks"];
  const needed = values.faults.filter(({ on }) => on === "files").flatMap(({ files }) => files.op);
  const all = [...new Set([...hooks, ...needed])];
  return all.length === hooks.length ? values : Object.freeze({ ...values, "fs.hooks": Object.freeze(all) });
}

/** Which inspector sees what a rule is about. */
const inspectorOf = {
  packets: "container.enableEthernetInspector",
  files: "container.enableFSInspector",
  processes: "container.enableProcInspector",
} as const;

/** Each fault that was asked for and cannot come, said before the run. */
function rulesWithoutEvents(values: AutopilotValues): string[] {
  const looked = new Set(values["ethernet.directions"]);
  for (const { directions = [] } of values["ethernet.match"]) for (const each of directions) looked.add(each);
  return values.faults.flatMap(({ fault, on, packets }, index) => {
    const rule = `fault rule ${index + 1} (${fault})`;
    if (!values[inspectorOf[on]]) return [`${rule} has no effect without ${inspectorOf[on]} = true`];
    const unseen = on === "packets" ? packets.directions.filter((each) => !looked.has(each)) : [];
    return unseen.map(
      (each) => `${rule}: ${each} packets are not looked at; ethernet.directions can name them`,
    );
  });
}

function unknownPolicy(
  values: AutopilotValues,
  given: ReadonlyMap<string, KeyPath>,
  policies: PolicyTables,
): KeyProblem {
  const names = [...policies.keys()];
  return {
    path: given.get("explorePolicy") ?? ["explorePolicy"],
    kind: "wrong",
    expected: `one of ${names.map((name) => `"${name}"`).join(", ")}, or a file such as "./mypolicy.ts"`,
    got: values.explorePolicy,
    nearest: nearest(values.explorePolicy, names),
  };
}

function toAutopilot(values: AutopilotValues): Autopilot {
  const match = values["ethernet.match"];
  const directions = new Set<Direction>(values["ethernet.directions"]);
  for (const { directions: named } of match) for (const direction of named ?? []) directions.add(direction);
  return deepFreeze({
    init: values.init,
    run: values.run,
    validate: values.validate,
    clean: values.clean,
    notCleanIfValidationFail: values.notCleanIfValidationFail,
    storageType: values.storageType,
    restPort: values.restPort,
    pbPort: values.pbPort,
    skipInitOrchestrator: values.skipInitOrchestrator,
    explorePolicy: values.explorePolicy,
    explorePolicyParam: values.explorePolicyParam,
    faults: values.faults,
    container: {
      enableEthernetInspector: values["container.enableEthernetInspector"],
      enableProcInspector: values["container.enableProcInspector"],
      enableFSInspector: values["container.enableFSInspector"],
      ethernetNFQNumber: values["container.ethernetNFQNumber"],
      procWatchIntervalMs: values["container.procWatchInterval"],
    },
    proc: { cpus: values["proc.cpus"], clockOffset: values["proc.clockOffset"] },
    ethernet: {
      driver: values["ethernet.driver"],
      directions: [...directions],
      // A match that names no direction means the config's, not one that another match added.
      match: match.map((entry) => ({ directions: values["ethernet.directions"], ...entry })),
    },
    fs: {
      driver: values["fs.driver"],
      hooks: values["fs.hooks"],
      directReads: values["fs.directReads"] || values.faults.some(isAboutReads),
      crash: values["fs.crash"],
    },
  });
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
  return value;
}
