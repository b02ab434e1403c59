import { parseDetachKeys } from "../../../container/terminal/index.js";
import {
  cutPair,
  type FlagSection,
  listFlag,
  RefusedFlag,
  refusedFlag,
  switchFlag,
  valueFlag,
} from "../../flags/index.js";
import { checkLabel, completeVariable } from "../key-value-file.js";
import type { RunDraft } from "../run-draft.js";

const pullModes = ["always", "missing", "never"] as const;

/** How the container is run: terminal, name, environment, image. */
export const basicFlags: FlagSection<RunDraft> = {
  title: "Basic",
  flags: [
    switchFlag({
      name: "interactive",
      short: "i",
      help: "Keep stdin open even if not attached",
      apply: (on, draft) => {
        draft.isInteractive = on;
      },
    }),
    switchFlag({
      name: "tty",
      short: "t",
      help: "Allocate a pseudo-TTY",
      apply: (on, draft) => {
        draft.hasTty = on;
      },
    }),
    switchFlag({
      name: "detach",
      short: "d",
      help: "Run in the background and print the container's ID; the inspectors stay attached until it ends, and 'nmzc logs' shows the summary then",
      apply: (on, draft) => {
        draft.isDetached = on;
      },
    }),
    switchFlag({
      name: "rm",
      help: "Remove the container and its anonymous volumes when it exits",
      apply: (on, draft) => {
        draft.removeAtEnd = on;
      },
    }),
    valueFlag({
      name: "name",
      placeholder: "NAME",
      help: "Assign a name to the container",
      apply: (value, draft) => {
        draft.name = value;
      },
    }),
    listFlag({
      name: "attach",
      short: "a",
      placeholder: "STREAM",
      help: "Attach to stdin, stdout or stderr: nmzc attaches to both outputs always, and to stdin with -i",
      completes: ["stdin", "stdout", "stderr"],
      apply: (value, draft) => {
        const stream = value.toLowerCase();
        if (!["stdin", "stdout", "stderr"].includes(stream)) {
          throw new Error("valid streams are STDIN, STDOUT and STDERR");
        }
        draft.attached.add(stream);
      },
    }),
    listFlag({
      name: "env",
      short: "e",
      placeholder: "NAME[=VALUE]",
      help: "Set an environment variable; without a value, take it from here",
      apply: (value, draft) => {
        draft.env.push(completeVariable(value, draft.surroundings.env));
      },
    }),
    listFlag({
      name: "env-file",
      placeholder: "FILE",
      help: "Read environment variables from a file, one NAME=VALUE a line",
      completes: "file",
      apply: (value, draft) => {
        draft.envFiles.push(value);
      },
    }),
    valueFlag({
      name: "workdir",
      short: "w",
      placeholder: "FOLDER",
      help: "Working directory inside the container",
      apply: (value, draft) => {
        draft.body.WorkingDir = value;
      },
    }),
    valueFlag({
      name: "user",
      short: "u",
      placeholder: "NAME|UID[:GROUP|GID]",
      help: "User that the command runs as",
      apply: (value, draft) => {
        draft.body.User = value;
      },
    }),
    valueFlag({
      name: "entrypoint",
      placeholder: "COMMAND",
      help: "Overwrite the image's ENTRYPOINT; empty resets it",
      apply: (value, draft) => {
        draft.body.Entrypoint = [value];
      },
    }),
    switchFlag({
      name: "init",
      help: "Run an init inside the container that forwards signals and reaps processes",
      apply: (on, draft) => {
        draft.body.HostConfig.Init = on;
      },
    }),
    listFlag({
      name: "label",
      short: "l",
      placeholder: "KEY[=VALUE]",
      help: "Set a label on the container",
      apply: (value, draft) => {
        draft.labels.push(checkLabel(value));
      },
    }),
    listFlag({
      name: "label-file",
      placeholder: "FILE",
      help: "Read labels from a file, one KEY=VALUE a line",
      completes: "file",
      apply: (value, draft) => {
        draft.labelFiles.push(value);
      },
    }),
    listFlag({
      name: "annotation",
      placeholder: "KEY=VALUE",
      help: "Add an annotation, passed through to the OCI runtime",
      apply: (value, draft) => {
        const [key, text] = cutPair(value);
        draft.body.HostConfig.Annotations = { ...draft.body.HostConfig.Annotations, [key]: text };
      },
    }),
    valueFlag({
      name: "platform",
      placeholder: "OS[/ARCH[/VARIANT]]",
      help: "Platform of the image to pull (default: DOCKER_DEFAULT_PLATFORM)",
      apply: (value, draft) => {
        draft.platform = value === "" ? undefined : value;
      },
    }),
    valueFlag({
      name: "pull",
      placeholder: "always|missing|never",
      help: 'When to pull the image (default "missing")',
      completes: pullModes,
      apply: (value, draft) => {
        const mode = value === "" ? "missing" : pullModes.find((each) => each === value);
        if (mode === undefined) throw new Error('must be one of "always", "missing" or "never"');
        draft.pull = mode;
      },
    }),
    switchFlag({
      name: "quiet",
      short: "q",
      help: "Suppress the pull output",
      apply: (on, draft) => {
        draft.isPullQuiet = on;
      },
    }),
    valueFlag({
      name: "cidfile",
      placeholder: "FILE",
      help: "Write the container ID to the file",
      completes: "file",
      isWritten: true,
      apply: (value, draft) => {
        draft.cidFile = value === "" ? undefined : value;
      },
    }),
    valueFlag({
      name: "detach-keys",
      placeholder: "KEYS",
      help: 'Keys that detach from a terminal (default "ctrl-p,ctrl-q")',
      apply: (value, draft) => {
        draft.detachKeys = value === "" ? undefined : parseDetachKeys(value);
      },
    }),
    switchFlag({
      name: "sig-proxy",
      help: "Forward signals to the workload (default true)",
      apply: (on, draft) => {
        draft.forwardSignals = on;
      },
    }),
    switchFlag({
      name: "disable-content-trust",
      help: "Accepted for docker's sake: nmzc never verifies image signatures",
      apply: (on) => {
        if (!on) throw new RefusedFlag("nmzc does not verify image signatures");
      },
    }),
    refusedFlag({
      name: "use-api-socket",
      refusal: "what the workload starts through the engine's socket would run outside the inspectors",
    }),
  ],
};
