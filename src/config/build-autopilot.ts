import { nearest } from "../util/index.js";
import type { Autopilot, Direction } from "./autopilot.js";
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
  const { values, given, problems } = readTable(autopilotKeys, data);
  const origins = new Map<string, Origin>();
  const noteOrigins = (keys: readonly string[], prefix: string, paths: ReadonlyMap<string, KeyPath>) => {
    for (const key of keys) {
      const path = paths.get(key);
      origins.set(`${prefix}${key}`, path === undefined ? { kind: "default" } : originOf(path));
    }
  };
  noteOrigins(Object.keys(autopilotKeys), "", given);

  const params = values.explorePolicyParam;
  const paramsPath = given.get("explorePolicyParam") ?? [];
  const policy = policies?.get(values.explorePolicy);
  const found: KeyProblem[] = [...problems];
  const warnings = settingsOfUnusedInspectors(values, given);
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
  ] as const;
  return sections.flatMap(([section, enable]) => {
    const key = [...given.keys()].find((name) => name.startsWith(`${section}.`));
    if (key === undefined || values[enable]) return [];
    return [`${key} has no effect without ${enable} = true`];
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
    container: {
      enableEthernetInspector: values["container.enableEthernetInspector"],
      enableProcInspector: values["container.enableProcInspector"],
      enableFSInspector: values["container.enableFSInspector"],
      ethernetNFQNumber: values["container.ethernetNFQNumber"],
      procWatchIntervalMs: values["container.procWatchInterval"],
    },
    ethernet: {
      driver: values["ethernet.driver"],
      directions: [...directions],
      // A match that names no direction means the config's, not one that another match added.
      match: match.map((entry) => ({ directions: values["ethernet.directions"], ...entry })),
    },
    fs: { driver: values["fs.driver"], hooks: values["fs.hooks"] },
  });
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
  return value;
}
