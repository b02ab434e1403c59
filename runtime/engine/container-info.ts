import type { ContainerInspectInfo } from "dockerode";
import type { ContainerInfo, ContainerLayers } from "./engine.js";
import { humanDuration } from "./human-duration.js";
import { describePorts, type PortBindings } from "./published-ports.js";

/** What the engine answers beyond dockerode's types, or leaves out where the types promise it. */
type Inspected = Omit<ContainerInspectInfo, "State"> & {
  readonly State: Partial<ContainerInspectInfo["State"]> & { readonly Health?: { readonly Status?: string } };
};

/** An inspected container (`GET /containers/{id}/json`) in our words. */
export function containerInfoOf(inspected: ContainerInspectInfo, nowMs: number): ContainerInfo {
  const { State: state, Config: config, NetworkSettings: network } = inspected as Inspected;
  return {
    id: inspected.Id,
    name: inspected.Name.replace(/^\//, ""),
    image: config.Image,
    command: [inspected.Path, ...(inspected.Args ?? [])].join(" "),
    createdSeconds: Math.floor(Date.parse(inspected.Created) / 1000),
    state: state.Status ?? "",
    status: describeState(state, nowMs),
    pid: state.Pid ?? 0,
    exitCode: state.ExitCode ?? 0,
    oomKilled: state.OOMKilled ?? false,
    error: state.Error ?? "",
    networkMode: inspected.HostConfig.NetworkMode ?? "default",
    labels: config.Labels ?? {},
    hasTty: config.Tty ?? false,
    ports: describePorts(network?.Ports as PortBindings | undefined),
    mounts: (inspected.Mounts ?? []).map((mount) => ({
      type: (mount as { Type?: string }).Type ?? "bind",
      name: mount.Name,
      source: mount.Source,
      target: mount.Destination,
      isReadOnly: !mount.RW,
    })),
    layers: layersOf(inspected.GraphDriver),
  };
}

/** Engines that keep images in another store than a graph driver's leave it out. */
function layersOf(driver: ContainerInspectInfo["GraphDriver"] | undefined): ContainerLayers | undefined {
  const { UpperDir, LowerDir } = (driver?.Data ?? {}) as { UpperDir?: string; LowerDir?: string };
  if (UpperDir === undefined || LowerDir === undefined) return undefined;
  return { own: UpperDir, below: LowerDir.split(":") };
}

/** The STATUS column of `docker ps` (moby, container/state.go, State.String). */
function describeState(state: Inspected["State"], nowMs: number): string {
  const since = (time: string | undefined): string => humanDuration(nowMs - Date.parse(time ?? ""));
  if (state.Running) {
    const up = `Up ${since(state.StartedAt)}`;
    if (state.Paused) return `${up} (Paused)`;
    if (state.Restarting) return `Restarting (${state.ExitCode}) ${since(state.FinishedAt)} ago`;
    const health = state.Health?.Status;
    if (health === "starting") return `${up} (health: starting)`;
    return health === undefined || health === "none" || health === "" ? up : `${up} (${health})`;
  }
  if (state.Status === "removing") return "Removal In Progress";
  if (state.Dead) return "Dead";
  const neverStarted = (state.StartedAt ?? "").startsWith("0001-");
  if (neverStarted && state.Status === "created") return "Created";
  if ((state.FinishedAt ?? "").startsWith("0001-")) return state.Status === "created" ? "Created" : "";
  return `Exited (${state.ExitCode}) ${since(state.FinishedAt)} ago`;
}
