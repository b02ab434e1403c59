import type { ContainerBody } from "../../runtime/engine/index.js";

import type { JavaRequest } from "./java/java-request.js";

/** A folder, file or volume that the workload shall see; each goes through the fs inspector. */
export interface VolumeRequest {
  readonly type: "bind" | "volume";
  /** Absolute path of a bind, name of a volume; undefined for an anonymous volume. */
  readonly source: string | undefined;
  /** A copy of a bind's source, used in its place and called by its name: of one run of a `loop`. */
  readonly standIn?: string;
  readonly target: string;
  readonly isReadOnly: boolean;
  /** `-v` makes a missing folder, `--mount type=bind` refuses it, as docker does. */
  readonly createSource: boolean;
  /** Anonymous and named volumes take over what the image has at the target, unless this is set. */
  readonly noCopy: boolean;
  /** What is left of the option list and concerns the engine: "z", "rslave", … */
  readonly options: readonly string[];
  readonly driver: string | undefined;
  readonly driverOptions: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

export type InspectorName = "ethernet" | "fs" | "proc";

/** `nmzc run`, parsed and checked: what the flag table makes of the command line. */
export interface RunRequest {
  /** Everything the engine is told, but for the volumes. Image and command are in here. */
  readonly body: ContainerBody;
  readonly name: string | undefined;
  readonly platform: string | undefined;
  readonly pull: "always" | "missing" | "never";
  /** No pull progress (`--quiet`). */
  readonly isPullQuiet?: boolean;
  readonly volumes: readonly VolumeRequest[];
  /** `NAME[:ro|:rw]`; their mounts go through the fs inspector too. */
  readonly volumesFrom: readonly string[];
  readonly isInteractive: boolean;
  readonly hasTty: boolean;
  readonly isDetached: boolean;
  readonly removeAtEnd: boolean;
  readonly forwardSignals: boolean;
  /** Bytes that detach, e.g. [16, 17]. */
  readonly detachKeys: readonly number[];
  readonly cidFile: string | undefined;
  readonly autopilotFile: string | undefined;
  /** "hot": chosen by what failed before. */
  readonly seed: string | undefined;
  /** The name that seeds are kept under; undefined: image and command. */
  readonly test?: string | undefined;
  readonly disabled: ReadonlySet<InspectorName>;
  readonly outDir: string | undefined;
  /** Functions of JVMs that are shaken; undefined: none. */
  readonly java?: JavaRequest | undefined;
}
