import { chmodSync, copyFileSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { MountBody } from "../../../runtime/engine/index.js";
import { removeRunFolder } from "../../journal/index.js";
import { messageOf, NmzError, type UndoStack } from "../../util/index.js";
import type { JavaRequest } from "./java-request.js";

/** Where the container sees it. */
const target = "/.nmz";

export interface AgentFolder {
  readonly mount: MountBody;
  /** `-javaagent:…` for a JVM in the container. */
  readonly option: string;
  /** Says where the endpoint listens. The agents of JVMs that run already find it too. */
  announce(port: number): void;
}

export interface AgentFolderOptions {
  readonly runFolder: string;
  /** Jars on this machine; the agent finds its companions beside itself. */
  readonly agent: string;
  readonly companions: readonly string[];
  readonly request: JavaRequest;
  readonly undo: UndoStack;
}

/**
 * Puts all that a JVM needs into a folder of the run, readable for every user, and gone with the run. Throws
 * NMZ_JAVA_AGENT.
 */
export function createAgentFolder(options: AgentFolderOptions): AgentFolder {
  const { agent, companions, request, undo } = options;
  const folder = join(options.runFolder, "java");
  undo.push(`folder ${folder}`, () => removeRunFolder(folder), { kind: "folder", path: folder });
  const put = (name: string, write: (path: string) => void): void => {
    const path = join(folder, name);
    write(path);
    chmodSync(path, 0o444); // whatever our umask is: the workload may be anybody
  };
  try {
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    for (const jar of [agent, ...companions]) put(basename(jar), (path) => copyFileSync(jar, path));
    request.scripts.forEach((text, index) => {
      put(scriptName(index), (path) => writeFileSync(path, text));
    });
  } catch (error) {
    throw new NmzError("NMZ_JAVA_AGENT", `the Java agent cannot be put into ${folder}: ${messageOf(error)}`, {
      hint: `the jar belongs to the package, and ${options.runFolder} needs room for it`,
      cause: error,
    });
  }
  return {
    mount: { Type: "bind", Source: folder, Target: target, ReadOnly: true },
    option: `-javaagent:${target}/${basename(agent)}=${agentOptions(request)}`,
    announce: (port) => {
      put("endpoint.new", (path) => writeFileSync(path, `127.0.0.1:${port}\n`));
      // The agent never reads half of it.
      renameSync(join(folder, "endpoint.new"), join(folder, "endpoint"));
    },
  };
}

// No entity: the agent names each JVM after its main class, so that two of them draw from chances of their own.
function agentOptions({ functions, scripts, options }: JavaRequest): string {
  return [
    ...(functions.length === 0 ? [] : [`functions=${functions.join(",")}`]),
    ...scripts.map((_, index) => `script:${target}/${scriptName(index)}`),
    ...options,
    `endpointFile=${target}/endpoint`,
  ].join(",");
}

function scriptName(index: number): string {
  return `rules-${index}.btm`;
}
