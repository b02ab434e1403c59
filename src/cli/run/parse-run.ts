import type { RunRequest, VolumeRequest } from "../../container/run-request.js";
import { defaultDetachKeys } from "../../container/terminal/index.js";
import { messageOf, NmzError } from "../../util/index.js";
import { applyFlags, cutPair, type FlagRules, type FlagUse, RefusedFlag } from "../flags/index.js";
import { chosenAutopilot } from "../preset-flag.js";
import { refuseHostNetwork } from "./flags/network.js";
import { readKeyValueFile } from "./key-value-file.js";
import { endpointOf, isUserDefined, mergeFirstNetwork, type NetworkAttachment } from "./network-spec.js";
import { parsePorts } from "./port-spec.js";
import { newRunDraft, type RunDraft, type RunSurroundings } from "./run-draft.js";

/**
 * The command line of `run`, already split, as the request that src/container takes. Throws NMZ_CLI_FLAG_VALUE,
 * NMZ_CLI_FLAG_REFUSED and, for what flags say together, NMZ_CLI_RUN_INVALID.
 */
export function parseRun(
  uses: readonly FlagUse<RunDraft>[],
  args: readonly string[],
  surroundings: RunSurroundings,
  rules: FlagRules,
): RunRequest {
  const draft = newRunDraft(surroundings);
  applyFlags(uses, draft, rules);
  return finishRun(draft, args, rules.path);
}

/** The draft, all flags applied, with image and command. Throws NMZ_CLI_FLAG_REFUSED and NMZ_CLI_RUN_INVALID. */
export function finishRun(draft: RunDraft, args: readonly string[], path: string): RunRequest {
  try {
    return finish(draft, args);
  } catch (error) {
    if (error instanceof NmzError) throw error;
    if (error instanceof RefusedFlag) {
      throw new NmzError("NMZ_CLI_FLAG_REFUSED", `--network host is not possible: ${error.message}`, {
        ...(error.hint === undefined ? {} : { hint: error.hint }),
      });
    }
    throw new NmzError("NMZ_CLI_RUN_INVALID", messageOf(error), {
      hint: `see '${path} --help'`,
      cause: error,
    });
  }
}

function finish(draft: RunDraft, args: readonly string[]): RunRequest {
  const [image = "", ...command] = args;
  if (image === "") throw new Error("invalid reference format: the image has no name");
  refuseHostNetwork(draft);
  checkAttached(draft);
  const { body } = draft;
  body.Image = image;
  if (command.length > 0) body.Cmd = command;
  finishStreams(draft);
  finishVariables(draft);
  finishNetwork(draft);
  finishHealth(draft);
  finishCapabilities(draft);
  if (
    body.HostConfig.LogConfig?.Type === "none" &&
    Object.keys(body.HostConfig.LogConfig.Config).length > 0
  ) {
    throw new Error("invalid logging opts for driver none");
  }
  return {
    body,
    name: draft.name,
    platform: draft.platform,
    pull: draft.pull,
    isPullQuiet: draft.isPullQuiet,
    volumes: finishVolumes(draft),
    volumesFrom: draft.volumesFrom,
    isInteractive: draft.isInteractive,
    hasTty: draft.hasTty,
    isDetached: draft.isDetached,
    removeAtEnd: draft.removeAtEnd,
    forwardSignals: draft.forwardSignals,
    detachKeys: draft.detachKeys ?? defaultDetachKeys,
    cidFile: draft.cidFile,
    autopilotFile: chosenAutopilot(draft),
    seed: draft.seed,
    test: draft.test,
    disabled: draft.disabled,
    outDir: draft.outDir,
    java: draft.java,
  };
}

function checkAttached(draft: RunDraft): void {
  const { attached } = draft;
  if (attached.size === 0) return;
  if (draft.isDetached) throw new Error("conflicting options: cannot specify both --attach and --detach");
  const isUsual =
    attached.has("stdout") && attached.has("stderr") && (draft.isInteractive || !attached.has("stdin"));
  if (isUsual) return;
  throw new NmzError("NMZ_CLI_FLAG_REFUSED", `--attach ${[...attached].join(" --attach ")} is not possible`, {
    hint: "nmzc attaches to stdout and stderr always, and to stdin with -i: redirect what you do not want, or use -d",
  });
}

function finishStreams(draft: RunDraft): void {
  const { body, isInteractive, isDetached } = draft;
  body.Tty = draft.hasTty;
  body.OpenStdin = isInteractive;
  body.AttachStdin = isInteractive && !isDetached;
  body.StdinOnce = isInteractive && !isDetached;
  body.AttachStdout = !isDetached;
  body.AttachStderr = !isDetached;
}

/** Files first, so that `-e` and `-l` win over them. */
function finishVariables(draft: RunDraft): void {
  const { body, surroundings } = draft;
  const env = draft.envFiles.flatMap((file) =>
    readKeyValueFile(file, surroundings, (key) => surroundings.env[key]),
  );
  env.push(...draft.env);
  if (env.length > 0) body.Env = [...new Map(env.map((each) => [each.split("=", 1)[0], each])).values()];
  const labels = draft.labelFiles.flatMap((file) => readKeyValueFile(file, surroundings, () => undefined));
  labels.push(...draft.labels);
  if (labels.length === 0) return;
  body.Labels = Object.fromEntries(labels.map(cutPair));
}

function finishNetwork(draft: RunDraft): void {
  const { body } = draft;
  const { bindings, exposed } = parsePorts(draft.published, draft.exposed);
  if (Object.keys(exposed).length > 0) body.ExposedPorts = exposed;
  if (Object.keys(bindings).length > 0) body.HostConfig.PortBindings = bindings;

  const nameless: NetworkAttachment = { target: "default", aliases: [], linkLocalIps: [], driverOptions: {} };
  const [first = nameless, ...others] = draft.networks;
  const networks = [mergeFirstNetwork(first, draft.firstNetwork), ...others];
  if (draft.networks.length > 0) body.HostConfig.NetworkMode = first.target;
  if (new Set(networks.map((each) => isUserDefined(each.target))).size > 1) {
    throw new Error(
      "conflicting options: cannot attach both user-defined and non-user-defined network-modes",
    );
  }
  const endpoints: NonNullable<typeof body.NetworkingConfig>["EndpointsConfig"] = {};
  for (const network of networks) {
    if (Object.hasOwn(endpoints, network.target)) {
      throw new Error(`network "${network.target}" is specified multiple times`);
    }
    const endpoint = endpointOf(network);
    // A lone network that only has its name is said by NetworkMode; engines before 25 know no second endpoint.
    if (endpoint !== undefined || networks.length > 1) endpoints[network.target] = endpoint ?? {};
  }
  if (Object.keys(endpoints).length > 0) body.NetworkingConfig = { EndpointsConfig: endpoints };
  // Engines before API 1.44 read the first network's address here.
  const macAddress = networks[0]?.macAddress;
  if (macAddress !== undefined) body.MacAddress = macAddress;
}

/** The engine's spelling, as docker's client sends it: "net_admin" is CAP_NET_ADMIN. */
function finishCapabilities({ body: { HostConfig: host } }: RunDraft): void {
  const canonical = (names: readonly string[]): string[] => {
    const upper = names.map((name) => name.trim().toUpperCase());
    return [
      ...new Set(upper.map((name) => (name === "ALL" ? name : `CAP_${name.replace(/^CAP_/, "")}`))),
    ].sort();
  };
  if (host.CapAdd !== undefined) host.CapAdd = canonical(host.CapAdd);
  if (host.CapDrop !== undefined) host.CapDrop = canonical(host.CapDrop);
}

function finishHealth(draft: RunDraft): void {
  const hasSettings = Object.values(draft.health).some((value) => value !== 0);
  if (draft.hasNoHealthcheck) {
    if (hasSettings) throw new Error("--no-healthcheck conflicts with --health-* options");
    draft.body.Healthcheck = { Test: ["NONE"] };
  } else if (hasSettings) draft.body.Healthcheck = draft.health;
}

/** `--volume-driver` concerns what `-v` makes; the same target twice is an error, the same `-v` twice is one. */
function finishVolumes(draft: RunDraft): readonly VolumeRequest[] {
  const byTarget = new Map<string, VolumeRequest>();
  for (const volume of draft.volumes) {
    const known = byTarget.get(volume.target);
    if (known === undefined) {
      const driver = volume.driver ?? (volume.type === "volume" ? draft.volumeDriver : undefined);
      byTarget.set(volume.target, { ...volume, driver });
    } else if (JSON.stringify({ ...known, driver: volume.driver }) !== JSON.stringify(volume)) {
      throw new Error(`Duplicate mount point: ${volume.target}`);
    }
  }
  const { Mounts = [], Tmpfs = {} } = draft.body.HostConfig;
  const inMemory = [...Mounts.map((mount) => mount.Target), ...Object.keys(Tmpfs)];
  for (const [index, target] of inMemory.entries()) {
    if (byTarget.has(target) || inMemory.indexOf(target) !== index) {
      throw new Error(`Duplicate mount point: ${target}`);
    }
  }
  return [...byTarget.values()];
}
