import { execFileSync } from "node:child_process";
import { vi } from "vitest";

/** Which of the two engines pulls; scripts/test names it. */
export const isPodman = process.env["NMZC_TEST_ENGINE"] === "podman";

/** Takes away all that came from the registry; a tag that moved leaves its former image without a name. */
export function forgetImagesOf(host: string): Promise<void> {
  // A run whose terminal was taken away removes its container now; Podman then fails with "no such container".
  return vi.waitFor(() => removeImagesOf(host), { timeout: 5000, interval: 100 });
}

function removeImagesOf(host: string): void {
  const docker = (...args: string[]) =>
    execFileSync("docker", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).split("\n");
  const ids = docker("images", "--quiet", "--no-trunc", "--filter", `reference=${host}/*`).filter(Boolean);
  if (ids.length > 0) docker("rmi", "-f", ...new Set(ids));
}
