import type { Engine, OpenOptions } from "../../runtime/engine/index.js";
import type { Ability } from "../abilities/index.js";
import type { CrashAnswer } from "../container/control/index.js";
import type { GivenPath } from "../container/from-inside/require-shared.js";
import type { RunRequest } from "../container/run-request.js";
import type { StoredRun } from "../record/index.js";
import type { ReplayOptions, Replays } from "../replay/index.js";
import type { LockFile } from "../seeds/index.js";
import type {
  EthernetRequest,
  FsRequest,
  HookSwitchRequest,
  OrchestratorRequest,
  ProcRequest,
  SyslogRequest,
} from "../standalone/index.js";
import type { LoopChild } from "./campaign/loop-child.js";
import type { LoopServices } from "./campaign/loop-services.js";

/** What a command may touch of the world; tests give their own. */
export interface CliContext {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly services: Services;
  /** Set in the process of one run of a `loop`: see campaign/loop-child.ts. */
  readonly loopRun?: LoopChild;
  /** Set in the published image: see src/container/from-inside. Answers an exit code when all is done already. */
  enterHost?(when: "always" | "if-there"): Promise<number | undefined>;
  /** Set in the published image: throws where a path that the user gave is neither there nor mounted. */
  requireShared?(paths: readonly GivenPath[]): Promise<void>;
  /** Why stdout did not take what was written to it. */
  outputFailure(): Error | undefined;
}

/**
 * What commands need from the other folders. Each is loaded when it is first called: `nmzc ps` shall not pay for koffi,
 * nor `nmz completion` for dockerode.
 */
export interface Services {
  openEngine(options?: OpenOptions): Promise<Engine>;
  /** `--engine`: for `openEngine`, and for every process that is started from here. Throws on a word that names none. */
  chooseEngine(choice: string): void;
  runContainer(request: RunRequest, io: CliContext): Promise<number>;
  openReplays(run: StoredRun, options: ReplayOptions): Promise<Replays>;
  /** The lock on what `nmz seeds` keeps. */
  seedLock(): Promise<LockFile>;
  prune(io: CliContext): Promise<number>;
  crashRun(runId: string, keepRunning: boolean): Promise<CrashAnswer>;
  inspectProc(request: ProcRequest, io: CliContext): Promise<number>;
  inspectEthernet(request: EthernetRequest, io: CliContext): Promise<number>;
  inspectFs(request: FsRequest, io: CliContext): Promise<number>;
  runOrchestrator(request: OrchestratorRequest, io: CliContext): Promise<number>;
  inspectHookSwitch(request: HookSwitchRequest, io: CliContext): Promise<number>;
  inspectSyslog(request: SyslogRequest, io: CliContext): Promise<number>;
  loopServices(): Promise<LoopServices>;
  probeAbilities(): Promise<readonly Ability[]>;
}
