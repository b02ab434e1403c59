import type { ContainerBody } from "../../../runtime/engine/index.js";
import type { PresetName } from "../../config/presets.js";
import type { JavaRequest } from "../../container/java/java-request.js";
import type { InspectorName, VolumeRequest } from "../../container/run-request.js";
import type { NetworkAttachment } from "./network-spec.js";

/** What flags may look at besides their own value. */
export interface RunSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readFile(path: string): Buffer;
}

/** A run being put together: flags write here, parse-run.ts makes a RunRequest of it. Lists keep the command line's order. */
export interface RunDraft {
  readonly surroundings: RunSurroundings;
  readonly body: ContainerBody;

  name: string | undefined;
  platform: string | undefined;
  pull: "always" | "missing" | "never";
  isPullQuiet: boolean;
  isInteractive: boolean;
  hasTty: boolean;
  isDetached: boolean;
  removeAtEnd: boolean;
  forwardSignals: boolean;
  detachKeys: readonly number[] | undefined;
  cidFile: string | undefined;
  readonly attached: Set<string>;

  readonly env: string[];
  readonly envFiles: string[];
  readonly labels: string[];
  readonly labelFiles: string[];

  readonly volumes: VolumeRequest[];
  readonly volumesFrom: string[];
  volumeDriver: string | undefined;

  readonly networks: NetworkAttachment[];
  /** What --network-alias, --ip, … say of the first network. */
  readonly firstNetwork: NetworkAttachment;
  readonly published: string[];
  readonly exposed: string[];

  hasNoHealthcheck: boolean;
  readonly health: NonNullable<ContainerBody["Healthcheck"]>;

  autopilotFile: string | undefined;
  preset: PresetName | undefined;
  seed: string | undefined;
  test: string | undefined;
  readonly disabled: Set<InspectorName>;
  outDir: string | undefined;
  java: JavaRequest | undefined;
}

export function newRunDraft(surroundings: RunSurroundings): RunDraft {
  return {
    surroundings,
    body: { Image: "", HostConfig: {} },
    name: undefined,
    platform: surroundings.env["DOCKER_DEFAULT_PLATFORM"] || undefined,
    pull: "missing",
    isPullQuiet: false,
    isInteractive: false,
    hasTty: false,
    isDetached: false,
    removeAtEnd: false,
    forwardSignals: true,
    detachKeys: undefined,
    cidFile: undefined,
    attached: new Set(),
    env: [],
    envFiles: [],
    labels: [],
    labelFiles: [],
    volumes: [],
    volumesFrom: [],
    volumeDriver: undefined,
    networks: [],
    firstNetwork: { target: "", aliases: [], linkLocalIps: [], driverOptions: {} },
    published: [],
    exposed: [],
    hasNoHealthcheck: false,
    health: {},
    autopilotFile: undefined,
    preset: undefined,
    seed: undefined,
    test: undefined,
    disabled: new Set(),
    outDir: undefined,
    java: undefined,
  };
}
