import { commandLoop } from "./campaign/command-loop.js";
import { containerLoop } from "./campaign/container-loop.js";
import { report } from "./campaign/report.js";
import type { CliContext } from "./cli-context.js";
import type { Command, CommandGroup } from "./command/index.js";
import { crashFs } from "./container/crash-fs.js";
import { exec } from "./container/exec.js";
import { logs } from "./container/logs.js";
import { minimize } from "./container/minimize.js";
import { prune } from "./container/prune.js";
import { ps } from "./container/ps.js";
import { replay } from "./container/replay.js";
import { run } from "./container/run.js";
import { stop } from "./container/stop.js";
import { type Flag, valueFlag } from "./flags/index.js";
import { completionOf } from "./nmz/completion.js";
import { configShow } from "./nmz/config-show.js";
import { doctor } from "./nmz/doctor.js";
import { init, runExperimentCommand, summary, tools } from "./nmz/experiment/index.js";
import { explain } from "./nmz/explain.js";
import { faults } from "./nmz/faults.js";
import { inspectors } from "./nmz/inspectors/index.js";
import { orchestrator } from "./nmz/orchestrator.js";
import { policies } from "./nmz/policies/index.js";
import { seeds } from "./nmz/seeds/index.js";

/** Before the command, because it holds for all of them. */
const programFlags: readonly Flag<CliContext>[] = [
  valueFlag({
    name: "engine",
    placeholder: "docker|podman|embedded|unix:///PATH",
    help: "The container engine: docker, podman, embedded (Podman, started for this command alone) or the socket of one; as NMZC_ENGINE does (default: found)",
    completes: ["docker", "podman", "embedded"],
    apply: (value, context) => context.services.chooseEngine(value),
  }),
];

const containerCommands: readonly Command[] = [
  run,
  containerLoop,
  replay,
  minimize,
  report,
  ps,
  logs,
  exec,
  stop,
  crashFs,
  prune,
];

const container: CommandGroup = {
  kind: "group",
  name: "container",
  summary: "Run containers, and shake them",
  commands: containerCommands,
};

const config: CommandGroup = {
  kind: "group",
  name: "config",
  summary: "Look at configurations",
  commands: [configShow],
};

const completion = completionOf(() => programs);

/** `nmz container`, for those who type docker's words. */
export const nmzcProgram: CommandGroup = {
  kind: "group",
  name: "nmzc",
  summary:
    "Run containers as docker does, and shake their packets, files and threads until hidden bugs come out",
  flags: programFlags,
  commands: [...containerCommands, container, doctor, completion],
};

export const nmzProgram: CommandGroup = {
  kind: "group",
  name: "nmz",
  summary: "The fuzzy scheduler: shakes programs until their hidden bugs come out",
  flags: programFlags,
  commands: [
    container,
    init,
    runExperimentCommand,
    summary,
    tools,
    orchestrator,
    inspectors,
    commandLoop,
    replay,
    minimize,
    explain,
    report,
    prune,
    policies,
    faults,
    seeds,
    config,
    doctor,
    completion,
  ],
};

export const programs: readonly CommandGroup[] = [nmzcProgram, nmzProgram];
