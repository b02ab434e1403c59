import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const installer = fileURLToPath(new URL("install", import.meta.url));

/** Installs what the suites need, when it is not there yet, and gives the folder; see `install --help`. */
export function suiteCache(): string {
  return execFileSync(installer, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim();
}
