import type { Readable } from "node:stream";
import type { EngineConnection } from "./connection.js";
import type { ContainerBody } from "./container-body.js";
import { readContainerFiles } from "./container-files.js";
import type { DockerConfig, Environment } from "./docker-config.js";
import { DockerContainers } from "./docker-containers.js";
import { startExec } from "./docker-exec.js";
import { DockerImages } from "./docker-images.js";
import { DockerVolumes } from "./docker-volumes.js";
import type {
  Attachment,
  AttachOptions,
  ContainerInfo,
  Engine,
  EngineInfo,
  ExecRequest,
  ExecSession,
  ImageInfo,
  PullOptions,
  ReadFilesOptions,
  VolumeInfo,
} from "./engine.js";
import { PodmanContainers } from "./podman-containers.js";

export interface DockerEngineOptions {
  /** The user's docker config, read when it is needed: a run of a local image needs none. */
  readonly readConfig: () => DockerConfig;
  readonly environment: Environment;
}

/** An engine that speaks the Docker Engine API: Docker itself, or Podman's service. `openEngine` finds one. */
export class DockerEngine implements Engine {
  readonly info: EngineInfo;
  readonly #connection: EngineConnection;
  readonly #containers: DockerContainers;
  readonly #images: DockerImages;
  readonly #volumes: DockerVolumes;

  constructor(connection: EngineConnection, info: EngineInfo, options: DockerEngineOptions) {
    this.info = info;
    this.#connection = connection;
    this.#containers =
      info.kind === "podman" ? new PodmanContainers(connection) : new DockerContainers(connection);
    this.#images = new DockerImages(connection, options.readConfig, options.environment);
    this.#volumes = new DockerVolumes(connection);
  }

  inspectImage(reference: string): Promise<ImageInfo | undefined> {
    return this.#images.inspect(reference);
  }

  pullImage(reference: string, options: PullOptions): Promise<void> {
    return this.#images.pull(reference, options);
  }

  importImage(tar: Readable, reference: string): Promise<void> {
    return this.#images.import(tar, reference);
  }

  createContainer(
    body: ContainerBody,
    options: { readonly name?: string; readonly platform?: string },
  ): Promise<{ readonly id: string; readonly warnings: readonly string[] }> {
    return this.#containers.create(body, options);
  }

  fillVolumes(id: string): Promise<void> {
    return this.#containers.fillVolumes(id);
  }

  startContainer(id: string): Promise<void> {
    return this.#containers.start(id);
  }

  attachContainer(id: string, options: AttachOptions): Promise<Attachment> {
    return this.#containers.attach(id, options);
  }

  resizeContainer(id: string, columns: number, rows: number): Promise<void> {
    return this.#containers.resize(id, columns, rows);
  }

  waitContainer(id: string, condition: "not-running" | "next-exit" | "removed"): Promise<number> {
    return this.#containers.wait(id, condition);
  }

  killContainer(id: string, signal: string): Promise<void> {
    return this.#containers.kill(id, signal);
  }

  stopContainer(id: string, timeoutSeconds: number | undefined, signal: string | undefined): Promise<void> {
    return this.#containers.stop(id, timeoutSeconds, signal);
  }

  removeContainer(
    id: string,
    options: { readonly force: boolean; readonly volumes: boolean },
  ): Promise<void> {
    return this.#containers.remove(id, options);
  }

  inspectContainer(id: string): Promise<ContainerInfo> {
    return this.#containers.inspect(id);
  }

  listContainers(options: {
    readonly all: boolean;
    readonly label: string;
  }): Promise<readonly ContainerInfo[]> {
    return this.#containers.list(options);
  }

  containerLogs(id: string, options: Parameters<Engine["containerLogs"]>[1]): Promise<Attachment> {
    return this.#containers.logs(id, options);
  }

  exec(id: string, request: ExecRequest): Promise<ExecSession> {
    return startExec(this.#connection, id, request);
  }

  readFiles(id: string, path: string, options: ReadFilesOptions): Promise<"whole" | "cut" | "missing"> {
    return readContainerFiles(this.#connection, id, path, options);
  }

  createVolume(
    name: string | undefined,
    driver: string | undefined,
    driverOptions: Readonly<Record<string, string>>,
    labels: Readonly<Record<string, string>>,
  ): Promise<VolumeInfo> {
    return this.#volumes.create(name, driver, driverOptions, labels);
  }

  inspectVolume(name: string): Promise<VolumeInfo | undefined> {
    return this.#volumes.inspect(name);
  }

  removeVolume(name: string): Promise<void> {
    return this.#volumes.remove(name);
  }
}
