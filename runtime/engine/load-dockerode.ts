import { createRequire } from "node:module";
import type Docker from "dockerode";

/**
 * dockerode, without what a local engine never uses. It loads gRPC (for BuildKit sessions) and ssh2 (for engines
 * on other hosts, which nmzc refuses) at start: 75 of the 100 ms that loading it takes, measured on Node 20,
 * and half of what a whole run may cost more than docker's. Both sit behind one small module each; those two
 * are replaced by a function that says so if it is ever called. Where the package's layout changes, it is loaded whole.
 */
export function loadDockerode(): typeof Docker {
  const require = createRequire(import.meta.url);
  const dockerode = require.resolve("dockerode");
  leaveOut(dockerode, "./session");
  try {
    leaveOut(createRequire(dockerode).resolve("docker-modem"), "./ssh");
  } catch {
    // Loaded whole: slower, but the same.
  }
  return require("dockerode") as typeof Docker;
}

function leaveOut(from: string, name: string): void {
  const require = createRequire(from);
  let file: string;
  try {
    file = require.resolve(name);
  } catch {
    return;
  }
  if (require.cache[file] !== undefined) return;
  const unused = () => {
    throw new Error(`nmzc does not load ${file}`);
  };
  require.cache[file] = { id: file, filename: file, loaded: true, exports: unused } as NodeJS.Module;
}
