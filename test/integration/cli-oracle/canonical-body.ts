import { posix } from "node:path";
import type { RunRequest } from "../../../src/container/run-request.js";

type Json = Record<string, unknown>;

export interface CanonicalVolume {
  readonly source: string;
  readonly target: string;
  readonly isReadOnly: boolean;
}

/** What two create requests must share to mean the same: without what is empty, and the volumes apart. */
export interface CanonicalBody {
  readonly body: Json;
  readonly volumes: readonly CanonicalVolume[];
}

/** Defaults that docker's command line spells out and the engine takes anyway. */
const dockerDefaults: Readonly<Record<string, unknown>> = {
  MemorySwappiness: -1,
  NetworkMode: "default",
  RestartPolicy: { Name: "no", MaximumRetryCount: 0 },
  ConsoleSize: [0, 0],
};
/** Empty lists that mean something else than no list. */
const meaningfulWhenEmpty = new Set(["MaskedPaths", "ReadonlyPaths"]);
/** Written by docker's client for itself, or handled by nmzc before the engine hears of it. */
const clientOnly = new Set(["ContainerIDFile", "VolumeDriver", "Binds", "VolumesFrom", "Volumes"]);

export function canonicalDockerBody(body: Json): CanonicalBody {
  const host = body["HostConfig"] as Json;
  const mounts = ((host["Mounts"] ?? []) as Json[]).filter((mount) => mount["Type"] !== "tmpfs");
  const volumes = [
    ...((host["Binds"] ?? []) as string[]).map((bind) => {
      const [source = "", target = "", mode = ""] = bind.split(":");
      return { source, target, isReadOnly: mode.split(",").includes("ro") };
    }),
    ...Object.keys((body["Volumes"] ?? {}) as Json).map((target) => ({
      source: "",
      target,
      isReadOnly: false,
    })),
    ...mounts.map((mount) => ({
      source: String(mount["Source"] ?? ""),
      target: String(mount["Target"]),
      isReadOnly: mount["ReadOnly"] === true,
    })),
  ];
  const inMemory = ((host["Mounts"] ?? []) as Json[]).filter((mount) => mount["Type"] === "tmpfs");
  return {
    body: prune({
      ...body,
      Env: lastOfEach((body["Env"] ?? []) as string[]),
      HostConfig: { ...host, Mounts: inMemory },
    }),
    volumes: sort(
      volumes.map((volume) => ({ ...volume, target: posix.normalize(volume.target).replace(/\/$/, "") })),
    ),
  };
}

export function canonicalRequest(request: RunRequest): CanonicalBody {
  // Said twice, for engines before API 1.44; docker's client drops one of the two once it knows the engine.
  const { MacAddress: _, ...forNewEngines } = request.body;
  const host = { ...request.body.HostConfig, AutoRemove: request.removeAtEnd };
  return {
    body: prune({
      ...forNewEngines,
      Env: lastOfEach(request.body.Env ?? []),
      HostConfig: host,
    } as unknown as Json),
    volumes: sort(
      request.volumes.map(({ source, target, isReadOnly }) => ({ source: source ?? "", target, isReadOnly })),
    ),
  };
}

function prune(value: Json): Json {
  const kept: Json = {};
  for (const [key, member] of Object.entries(value)) {
    if (clientOnly.has(key) || isSame(member, dockerDefaults[key])) continue;
    const pruned = isRecord(member) && key !== "ExposedPorts" ? prune(member) : member;
    const isEmptyList = Array.isArray(pruned) && pruned.length === 0 && !meaningfulWhenEmpty.has(key);
    const isNothing =
      pruned === null || pruned === undefined || pruned === "" || pruned === 0 || pruned === false;
    if (isNothing || isEmptyList || (isRecord(pruned) && Object.keys(pruned).length === 0)) {
      // A label or an option may well be empty, and is there all the same.
      if (!(pruned === "" && isMap(value))) continue;
    }
    kept[key] = Array.isArray(pruned) ? pruned.map((each) => (isRecord(each) ? prune(each) : each)) : pruned;
  }
  return kept;
}

/** A map of the user's own words (labels, sysctls, options), whose keys are not the engine's. */
function isMap(value: Json): boolean {
  return Object.keys(value).every((key) => !/^[A-Z]/.test(key));
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSame(a: unknown, b: unknown): boolean {
  return b !== undefined && JSON.stringify(a) === JSON.stringify(b);
}

function sort(volumes: readonly CanonicalVolume[]): readonly CanonicalVolume[] {
  return [...volumes].sort((a, b) => (a.target < b.target ? -1 : 1));
}

/** The engine keeps the last value of a variable; docker's command line sends them in no particular order. */
export function lastOfEach(env: readonly string[]): readonly string[] {
  return [...new Map(env.map((each) => [each.split("=", 1)[0], each])).values()].sort();
}
