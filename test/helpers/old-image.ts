import { spawnSync } from "node:child_process";

/** An image that a newer one took the name of. Where a container or an image of somebody's stands on it, it stays. */
export function removeOldImage(id: string): void {
  if (id !== "") spawnSync("docker", ["rmi", id], { stdio: "ignore" });
}
