import { execFile } from "node:child_process";

/** Takes a name off an image, and the image away with its last name; one that is not there is fine. */
export function removeImage(reference: string): Promise<void> {
  return new Promise((resolve) => execFile("docker", ["rmi", "-f", reference], () => resolve()));
}
