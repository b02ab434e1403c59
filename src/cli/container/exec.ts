import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { ExecRequest } from "../../../runtime/engine/index.js";
import {
  connectTerminal,
  defaultDetachKeys,
  parseDetachKeys,
  requireTerminal,
} from "../../container/terminal/index.js";
import { NmzError } from "../../util/index.js";
import type { CliContext } from "../cli-context.js";
import { defineCommand } from "../command/index.js";
import { listFlag, switchFlag, valueFlag } from "../flags/index.js";
import { completeVariable, type RunSurroundings, readKeyValueFile } from "../run/index.js";
import { ownContainer } from "./own-containers.js";

interface ExecDraft {
  readonly surroundings: RunSurroundings;
  isInteractive: boolean;
  hasTty: boolean;
  isDetached: boolean;
  isPrivileged: boolean;
  readonly env: string[];
  readonly fileEnv: string[];
  workdir: string | undefined;
  user: string | undefined;
  detachKeys: readonly number[];
}

export const exec = defineCommand<ExecDraft>({
  name: "exec",
  summary: "Run a command in a container that nmzc runs; it is shaken with the rest",
  usage: "[OPTIONS] CONTAINER COMMAND [ARG...]",
  sections: [
    {
      title: "Options",
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
          help: "Run the command in the background",
          apply: (on, draft) => {
            draft.isDetached = on;
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
          help: "Read environment variables from a file",
          completes: "file",
          apply: (value, draft) => {
            const { env } = draft.surroundings;
            draft.fileEnv.push(...readKeyValueFile(value, draft.surroundings, (key) => env[key]));
          },
        }),
        valueFlag({
          name: "workdir",
          short: "w",
          placeholder: "FOLDER",
          help: "Working directory inside the container",
          apply: (value, draft) => {
            draft.workdir = value === "" ? undefined : value;
          },
        }),
        valueFlag({
          name: "user",
          short: "u",
          placeholder: "NAME|UID[:GROUP|GID]",
          help: "User that the command runs as",
          apply: (value, draft) => {
            draft.user = value === "" ? undefined : value;
          },
        }),
        switchFlag({
          name: "privileged",
          help: "Give extended privileges to the command",
          apply: (on, draft) => {
            draft.isPrivileged = on;
          },
        }),
        valueFlag({
          name: "detach-keys",
          placeholder: "KEYS",
          help: 'Keys that detach from a terminal (default "ctrl-p,ctrl-q")',
          apply: (value, draft) => {
            draft.detachKeys = parseDetachKeys(value);
          },
        }),
      ],
    },
  ],
  isInterspersed: false,
  minArgs: 2,
  newDraft: ({ env, cwd }) => ({
    surroundings: { env, cwd, readFile: (path) => readFileSync(resolve(cwd, path)) },
    isInteractive: false,
    hasTty: false,
    isDetached: false,
    isPrivileged: false,
    env: [],
    fileEnv: [],
    workdir: undefined,
    user: undefined,
    detachKeys: defaultDetachKeys,
  }),
  run: async ({ draft, args: [name = "", ...command], context }) => {
    if (!draft.isDetached) requireTerminal(context.stdin, draft);
    const engine = await context.services.openEngine();
    const container = await ownContainer(engine, name);
    if (container.state !== "running") {
      throw new NmzError("NMZ_CONTAINER_STOPPED", `container ${name} is not running: ${container.status}`, {
        exitCode: 1,
        hint: "'nmzc ps' lists those that run",
      });
    }
    const session = await engine.exec(container.id, {
      command,
      env: [...draft.fileEnv, ...draft.env],
      user: draft.user,
      workdir: draft.workdir,
      privileged: draft.isPrivileged,
      detach: draft.isDetached,
      stdin: draft.isInteractive,
      tty: draft.hasTty,
      detachKeys: draft.detachKeys,
    } satisfies ExecRequest);
    if (session.attachment === undefined) return 0;
    return (await watch(session.attachment, session.resize, draft, context)) === "detached"
      ? 0
      : session.exitCode();
  },
});

type Session = Awaited<ReturnType<typeof connectTerminal>["done"]>;

async function watch(
  attachment: Parameters<typeof connectTerminal>[0]["attachment"],
  resize: (columns: number, rows: number) => Promise<void>,
  draft: ExecDraft,
  context: CliContext,
): Promise<Session> {
  const { stdin, stdout, stderr } = context;
  const { hasTty, isInteractive, detachKeys } = draft;
  const terminal = connectTerminal({
    attachment,
    stdin,
    stdout,
    stderr,
    hasTty,
    isInteractive,
    detachKeys,
    resize,
  });
  try {
    await terminal.containerStarted();
    return await terminal.done;
  } finally {
    terminal.restore();
    attachment.close();
  }
}
