import type { Readable, Writable } from "node:stream";
import type { ContainerBody } from "./container-body.js";

/** What an engine is and can, as it says itself. */
export interface EngineInfo {
  /** How they differ: engine-differences.ts. */
  readonly kind: "docker" | "podman";
  /** "Docker Engine 20.10.24", "Podman 4.3.1" */
  readonly name: string;
  readonly apiVersion: string;
  /** How it was found: "DOCKER_HOST", "context default", "/var/run/docker.sock", "embedded". */
  readonly foundBy: string;
  readonly socketPath: string;
  /** What `--engine` takes to have the same one again: "unix:///run/podman/podman.sock", "embedded". */
  readonly address: string;
  /** The user named it: by `--engine`, DOCKER_HOST or a docker context. */
  readonly isChosen: boolean;
  /** The pid of the Podman that this process started; undefined for an engine that was there. */
  readonly embeddedPid: number | undefined;
  readonly cgroupVersion: 1 | 2;
  readonly cgroupDriver: "cgroupfs" | "systemd" | "none";
  readonly rootDir: string;
  readonly isRootless: boolean;
  readonly labels: readonly string[];
}

export interface ImageInfo {
  readonly id: string;
  readonly repoDigests: readonly string[];
  /** Folders that the image declares as volumes. */
  readonly volumes: readonly string[];
  readonly hasCommand: boolean;
  /** The folder that commands begin in: "/" where the image says nothing. */
  readonly workingDir: string;
  /** `NAME=value` of each variable that the image sets. */
  readonly env: readonly string[];
  /** "linux/amd64", "linux/arm64/v8" */
  readonly platform: string;
}

export interface ContainerInfo {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly command: string;
  readonly createdSeconds: number;
  /** "created", "running", "exited", … */
  readonly state: string;
  /** "Up 3 seconds", "Exited (1) 2 minutes ago" */
  readonly status: string;
  /** Pid of the container's first process on the host; 0 when it does not run. */
  readonly pid: number;
  readonly exitCode: number;
  readonly oomKilled: boolean;
  /** What the engine said when it could not start it. */
  readonly error: string;
  readonly networkMode: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly hasTty: boolean;
  readonly ports: string;
  readonly mounts: readonly ContainerMount[];
  /** Undefined where the engine keeps containers' files otherwise than as overlays. */
  readonly layers: ContainerLayers | undefined;
}

/** Where an engine that uses overlays keeps the files of a container, as folders of its host. */
export interface ContainerLayers {
  /** What this container has written. */
  readonly own: string;
  /** What it was made of, the topmost first. */
  readonly below: readonly string[];
}

export interface ContainerMount {
  readonly type: string;
  readonly name: string | undefined;
  readonly source: string;
  readonly target: string;
  readonly isReadOnly: boolean;
}

/** One line of pull progress, as the engine streams them. */
export interface PullProgress {
  readonly id: string | undefined;
  readonly status: string;
  readonly currentBytes: number | undefined;
  readonly totalBytes: number | undefined;
}

/** The streams of a container or an exec. With a tty everything is on stdout and stderr is empty. */
export interface Attachment {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Write end of stdin; `end()` half-closes it. Undefined when stdin was not asked for. */
  readonly stdin: Writable | undefined;
  /** Resolves when the engine has closed the streams and all output has been handed on. */
  readonly done: Promise<void>;
  close(): void;
}

export interface AttachOptions {
  readonly stdin: boolean;
  readonly tty: boolean;
  /**
   * Bytes at which the engine itself lets go of a tty; undefined leaves its default, ctrl-p ctrl-q. Give it what the
   * terminal detaches at, or keys that the user wants in the workload are caught by the engine.
   */
  readonly detachKeys?: readonly number[] | undefined;
}

export interface ExecRequest extends AttachOptions {
  readonly command: readonly string[];
  readonly env: readonly string[];
  readonly user: string | undefined;
  readonly workdir: string | undefined;
  readonly privileged: boolean;
  readonly detach: boolean;
}

export interface ExecSession {
  readonly attachment: Attachment | undefined;
  resize(columns: number, rows: number): Promise<void>;
  /** The command's exit code, once its streams have ended. */
  exitCode(): Promise<number>;
}

/** A plain file of a container. */
export interface ContainerFile {
  /** Absolute, in the container. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Engines tell seconds. */
  readonly mtimeMs: number;
}

export interface ReadFilesOptions {
  /** Gets the file's bytes, if the file is wanted. */
  take(file: ContainerFile): FileSink | undefined;
  /** Of all files, wanted or not: they come over one wire. */
  readonly maximumBytes: number;
  readonly signal?: AbortSignal | undefined;
}

export interface FileSink {
  write(chunk: Uint8Array): void;
  /** Called in any case. */
  close(): void;
}

export interface VolumeInfo {
  readonly name: string;
  readonly driver: string;
  /** The folder on this host; "" when the driver has none. */
  readonly mountpoint: string;
  /** Given when it was made. The driver "local" mounts what they name, while a container uses the volume. */
  readonly options: Readonly<Record<string, string>>;
}

export interface PullOptions {
  readonly platform: string | undefined;
  readonly onProgress: (progress: PullProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * A container engine on this host. Every failure is an EngineError that carries the HTTP status and the engine's own
 * words; "no such container" and the like are failures with status 404.
 */
export interface Engine {
  readonly info: EngineInfo;
  /** Undefined when the image is not here. */
  inspectImage(reference: string): Promise<ImageInfo | undefined>;
  pullImage(reference: string, options: PullOptions): Promise<void>;
  /** Makes an image out of a tar stream of a root file system. */
  importImage(tar: Readable, reference: string): Promise<void>;

  createContainer(
    body: ContainerBody,
    options: { readonly name?: string; readonly platform?: string },
  ): Promise<{ readonly id: string; readonly warnings: readonly string[] }>;
  /** Empty volumes of a created container hold what the image has at their targets when this is done. */
  fillVolumes(id: string): Promise<void>;
  startContainer(id: string): Promise<void>;
  attachContainer(id: string, options: AttachOptions): Promise<Attachment>;
  resizeContainer(id: string, columns: number, rows: number): Promise<void>;
  /**
   * Call it before start with "next-exit", so that no exit is missed; "removed" waits for auto-removal as well, and throws
   * NotRemovedError when this client has to remove it and cannot.
   */
  waitContainer(id: string, condition: "not-running" | "next-exit" | "removed"): Promise<number>;
  killContainer(id: string, signal: string): Promise<void>;
  stopContainer(id: string, timeoutSeconds: number | undefined, signal: string | undefined): Promise<void>;
  removeContainer(id: string, options: { readonly force: boolean; readonly volumes: boolean }): Promise<void>;
  inspectContainer(id: string): Promise<ContainerInfo>;
  listContainers(options: {
    readonly all: boolean;
    readonly label: string;
  }): Promise<readonly ContainerInfo[]>;
  containerLogs(
    id: string,
    options: {
      readonly follow: boolean;
      readonly tail: string;
      readonly timestamps: boolean;
      readonly since: string;
      readonly until: string;
    },
  ): Promise<Attachment>;
  exec(id: string, request: ExecRequest): Promise<ExecSession>;
  /**
   * Reads the plain files of a container that does not run: a file, or all that is below a folder ("/app/."). "missing": there is no
   * such path. "cut": there were more bytes than allowed. Links are resolved inside the container as far as they are in `path`, and not followed below it.
   */
  readFiles(id: string, path: string, options: ReadFilesOptions): Promise<"whole" | "cut" | "missing">;

  createVolume(
    name: string | undefined,
    driver: string | undefined,
    driverOptions: Readonly<Record<string, string>>,
    labels: Readonly<Record<string, string>>,
  ): Promise<VolumeInfo>;
  inspectVolume(name: string): Promise<VolumeInfo | undefined>;
  removeVolume(name: string): Promise<void>;
}
