import { PassThrough } from "node:stream";
import type { ContainerInfo, Engine } from "../../../runtime/engine/index.js";
import { EngineError } from "../../../runtime/engine/index.js";
import type { CliContext, Services } from "../../../src/cli/cli-context.js";
import { main, nmzcProgram, nmzProgram } from "../../../src/cli/index.js";
import { runLabel } from "../../../src/container/labels.js";

export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface FakeOptions {
  readonly services?: Partial<Services>;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdinIsTty?: boolean;
  readonly cwd?: string;
  readonly outputFailure?: Error;
  readonly requireShared?: CliContext["requireShared"];
}

/** Runs `nmzc WORDS…` (or `nmz WORDS…`) in this process, with fakes for everything outside of src/cli. */
export async function runCli(words: readonly string[], options: FakeOptions = {}): Promise<Finished> {
  const [program = "", ...argv] = words;
  const stdout = collect();
  const stderr = collect();
  const stdin = Object.assign(new PassThrough(), { isTTY: options.stdinIsTty ?? false });
  const context: CliContext = {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: { HOME: "/nonexistent", ...options.env },
    cwd: options.cwd ?? "/home/user",
    services: { ...unavailable, ...options.services },
    outputFailure: () => options.outputFailure,
    ...(options.requireShared === undefined ? {} : { requireShared: options.requireShared }),
  };
  const exitCode = await main(program === "nmz" ? nmzProgram : nmzcProgram, argv, context);
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

function collect(): { readonly stream: NodeJS.WriteStream; text(): string } {
  const chunks: Buffer[] = [];
  const stream = new PassThrough();
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => Buffer.concat(chunks).toString() };
}

const unavailable: Services = {
  openEngine: () => Promise.reject(new Error("the test gave no engine")),
  chooseEngine: () => {
    throw new Error("the test gave no choice of engines");
  },
  runContainer: () => Promise.reject(new Error("the test gave no runContainer")),
  openReplays: () => Promise.reject(new Error("the test gave no openReplays")),
  seedLock: () => Promise.resolve(async (_path, work) => work()),
  prune: () => Promise.reject(new Error("the test gave no prune")),
  loopServices: () => Promise.reject(new Error("the test gave no loopServices")),
  crashRun: () => Promise.reject(new Error("the test gave no crashRun")),
  inspectProc: () => Promise.reject(new Error("the test gave no inspectProc")),
  inspectEthernet: () => Promise.reject(new Error("the test gave no inspectEthernet")),
  inspectFs: () => Promise.reject(new Error("the test gave no inspectFs")),
  runOrchestrator: () => Promise.reject(new Error("the test gave no runOrchestrator")),
  inspectHookSwitch: () => Promise.reject(new Error("the test gave no inspectHookSwitch")),
  inspectSyslog: () => Promise.reject(new Error("the test gave no inspectSyslog")),
  probeAbilities: () => Promise.reject(new Error("the test gave no abilities")),
};

/** An engine that knows these containers; what else it can, the test says. */
export function fakeEngine(containers: readonly ContainerInfo[], more: Partial<Engine> = {}): Engine {
  const engine: Partial<Engine> = {
    inspectContainer: async (name) => {
      const found = containers.find((each) => each.name === name || each.id.startsWith(name));
      if (found === undefined) throw new EngineError(`No such container: ${name}`, { status: 404 });
      return found;
    },
    listContainers: async ({ all, label }) =>
      containers.filter((each) => Object.hasOwn(each.labels, label) && (all || each.state === "running")),
    ...more,
  };
  return engine as Engine;
}

export function container(more: Partial<ContainerInfo> = {}): ContainerInfo {
  return {
    id: "0123456789abcdef".repeat(4),
    name: "web",
    image: "debian:12",
    command: "sh -c 'sleep 1000; echo done'",
    createdSeconds: Math.floor(Date.now() / 1000) - 3725,
    state: "running",
    status: "Up About an hour",
    pid: 42,
    exitCode: 0,
    oomKilled: false,
    error: "",
    networkMode: "default",
    labels: { [runLabel]: "run-1", "nmzc.seed": "4f1c" },
    hasTty: false,
    ports: "0.0.0.0:80->80/tcp",
    mounts: [],
    layers: undefined,
    ...more,
  };
}
