import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface JavaAgentFiles {
  /** Absolute path of nmz-java.jar, for `-javaagent:`. */
  readonly agent: string;
  /** Absolute path of byteman.jar; the agent looks for it in its own folder. */
  readonly byteman: string;
}

/** The jars were not built, or not packed. */
export class JavaAgentMissingError extends Error {
  readonly hint: string;

  constructor(file: string) {
    super(`the Java agent is not here: ${file} is missing`);
    this.name = "JavaAgentMissingError";
    this.hint = "Build it with scripts/build-agent, which needs javac 9 or newer (default-jdk-headless).";
  }
}

/**
 * Where the agent's jars are: dist/agents/java, found from the bundled programs, from the compiled modules and from the
 * sources alike. Throws JavaAgentMissingError.
 */
export function javaAgentFiles(from: string = fileURLToPath(import.meta.url)): JavaAgentFiles {
  let folder = dirname(from);
  const candidates: string[] = [];
  for (; folder !== dirname(folder); folder = dirname(folder)) {
    candidates.push(join(folder, "agents/java"), join(folder, "dist/agents/java"));
  }
  const found = candidates.find((candidate) => existsSync(join(candidate, "nmz-java.jar")));
  const home = found ?? candidates.find((candidate) => existsSync(dirname(candidate))) ?? candidates[0]!;
  const files = { agent: join(home, "nmz-java.jar"), byteman: join(home, "byteman.jar") };
  for (const file of [files.agent, files.byteman])
    if (!existsSync(file)) throw new JavaAgentMissingError(file);
  return files;
}
