import type { VolumeInspectInfo } from "dockerode";
import type { EngineConnection } from "./connection.js";
import type { VolumeInfo } from "./engine.js";
import { EngineError } from "./engine-error.js";

export class DockerVolumes {
  readonly #connection: EngineConnection;

  constructor(connection: EngineConnection) {
    this.#connection = connection;
  }

  /** Without a name the engine makes one up. A volume that is there already is answered as it is. */
  async create(
    name: string | undefined,
    driver: string | undefined,
    driverOptions: Readonly<Record<string, string>>,
    labels: Readonly<Record<string, string>>,
  ): Promise<VolumeInfo> {
    const volume = await this.#connection.call(`create volume ${name ?? ""}`.trim(), async (docker) => {
      const created = await docker.createVolume({
        ...(name === undefined ? {} : { Name: name }),
        ...(driver === undefined ? {} : { Driver: driver }),
        DriverOpts: { ...driverOptions },
        Labels: { ...labels },
      });
      return docker.getVolume(created.name ?? (created as unknown as { Name: string }).Name).inspect();
    });
    return volumeInfoOf(volume);
  }

  async inspect(name: string): Promise<VolumeInfo | undefined> {
    try {
      const volume = await this.#connection.call(`inspect volume ${name}`, (docker) =>
        docker.getVolume(encodeURIComponent(name)).inspect(),
      );
      return volumeInfoOf(volume);
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return undefined;
      throw error;
    }
  }

  async remove(name: string): Promise<void> {
    await this.#connection.call(`remove volume ${name}`, (docker) =>
      docker.getVolume(encodeURIComponent(name)).remove(),
    );
  }
}

function volumeInfoOf(volume: VolumeInspectInfo): VolumeInfo {
  const { Name: name, Driver: driver, Mountpoint: mountpoint, Options: options } = volume;
  return { name, driver, mountpoint: mountpoint ?? "", options: options ?? {} };
}
