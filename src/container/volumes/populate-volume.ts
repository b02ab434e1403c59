import { readdirSync } from "node:fs";
import type { Engine, VolumeInfo } from "../../../runtime/engine/index.js";

/**
 * Docker fills an empty volume with what the image has at the target, when a container with that volume is created.
 * Our container is created with a FUSE folder instead, so a container that never starts does it in its place.
 */
export async function populateVolume(
  engine: Engine,
  image: string,
  volume: VolumeInfo,
  target: string,
): Promise<void> {
  if (readdirSync(volume.mountpoint).length > 0) return;
  const { id } = await engine.createContainer(
    {
      Image: image,
      Cmd: ["true"],
      HostConfig: { NetworkMode: "none", Mounts: [{ Type: "volume", Source: volume.name, Target: target }] },
    },
    {},
  );
  await engine.removeContainer(id, { force: true, volumes: false });
}
