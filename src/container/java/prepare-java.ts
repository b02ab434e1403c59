import { closeSync } from "node:fs";
import { JavaAgentMissingError, javaAgentFiles } from "../../../runtime/agents/java/index.js";
import type { Engine, MountBody } from "../../../runtime/engine/index.js";
import { listenOnLoopback } from "../../../runtime/kernel/index.js";
import type { Control } from "../../endpoint/index.js";
import { startProtobufEndpoint } from "../../endpoint/protobuf/index.js";
import type { Inspector } from "../../inspector/index.js";
import { messageOf, NmzError, type UndoStack } from "../../util/index.js";
import type { RunRequest } from "../run-request.js";
import { createAgentFolder } from "./agent-folder.js";
import { JavaInspector } from "./java-inspector.js";
import type { JavaRequest } from "./java-request.js";
import { withToolOption } from "./tool-options.js";

export interface JavaOptions {
  readonly engine: Pick<Engine, "inspectImage">;
  readonly request: RunRequest;
  readonly java: JavaRequest;
  readonly runFolder: string;
  readonly control: Control;
  readonly undo: UndoStack;
  readonly onWarning: (line: string) => void;
}

/** The agent lies ready; its endpoint waits for the container's network namespace. */
export interface PreparedJava {
  readonly mounts: readonly MountBody[];
  /** The container's whole environment, for its body. */
  readonly env: readonly string[];
  /** Listens in the namespace before it returns: the port is known, and must not be shaken. Once only. */
  open(netnsPath: string): { readonly port: number; readonly inspector: Promise<Inspector> };
}

/** Throws NMZ_JAVA_AGENT. */
export async function prepareJava(options: JavaOptions): Promise<PreparedJava> {
  const { request, java, runFolder, undo, control, onWarning } = options;
  const { agent, byteman } = agentFiles();
  const folder = createAgentFolder({ runFolder, agent, companions: [byteman], request: java, undo });
  const image = await options.engine.inspectImage(request.body.Image);
  return {
    mounts: [folder.mount],
    env: withToolOption(request.body.Env ?? [], image?.env ?? [], folder.option),
    open: (netnsPath) => {
      const { fd, port } = listenOnLoopback(netnsPath);
      const inspector = new JavaInspector(control, onWarning);
      return { port, inspector: serve(fd, port, inspector) };
    },
  };

  async function serve(fd: number, port: number, inspector: JavaInspector): Promise<Inspector> {
    try {
      inspector.serving(
        await startProtobufEndpoint({
          control: inspector,
          listener: { fd },
          onWarning,
          onInitiation: () => inspector.jvmConnected(),
        }),
      );
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    folder.announce(port);
    return inspector;
  }
}

function agentFiles(): ReturnType<typeof javaAgentFiles> {
  try {
    return javaAgentFiles();
  } catch (error) {
    if (!(error instanceof JavaAgentMissingError)) throw error;
    throw new NmzError("NMZ_JAVA_AGENT", messageOf(error), { hint: error.hint, cause: error });
  }
}
