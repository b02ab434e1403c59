import { execFileSync } from "node:child_process";

/** Which of the two engines pulls; scripts/test names it. */
export const isPodman = process.env["NMZC_TEST_ENGINE"] === "podman";

/** Takes away all that came from the registry; a tag that moved leaves its former image without a name. */
export function forgetImagesOf(host: string): void {
  for (let patience = 50; ; patience--) {
    try {
      removeImagesOf(host);
      return;
    } catch (error) {
      // A run whose terminal was taken away removes its container now; Podman then fails with "no such container".
      if (patience === 0) throw error;
      execFileSync("sleep", ["0.1"]);
    }
  }
}

function removeImagesOf(host: string): void {
  const docker = (...args: string[]) =>
    execFileSync("docker", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).split("\n");
  const ids = docker("images", "--quiet", "--no-trunc", "--filter", `reference=${host}/*`).filter(Boolean);
  if (ids.length > 0) docker("rmi", "-f", ...new Set(ids));
}
