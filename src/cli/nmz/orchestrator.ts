import { resolve } from "node:path";
import type { OrchestratorRequest } from "../../standalone/run-orchestrator.js";
import type { CliContext } from "../cli-context.js";
import { defineCommand } from "../command/index.js";
import { type FlagSection, pathInto, portInto, valueFlag, word, wordInto } from "../flags/index.js";
import { type EndpointDraft, listenFlag, tokenFileFlag } from "./endpoint-flags.js";

interface OrchestratorDraft extends EndpointDraft {
  restPort: number | undefined;
  pbPort: number | undefined;
  token: string | undefined;
  seed: string | undefined;
  outDir: string | undefined;
}

const endpointFlags: FlagSection<OrchestratorDraft> = {
  title: "Endpoints",
  flags: [
    valueFlag({
      name: "rest-port",
      placeholder: "PORT",
      help: "Port of REST and stream, instead of the config's restPort (0: any free one, -1: off)",
      apply: portInto("restPort"),
    }),
    valueFlag({
      name: "pb-port",
      placeholder: "PORT",
      help: "Port of the protobuf endpoint, instead of the config's pbPort (0: any free one, -1: off)",
      apply: portInto("pbPort"),
    }),
    listenFlag(),
    valueFlag({
      name: "token",
      placeholder: "TOKEN",
      help: "What inspectors must bring (Authorization: Bearer); better given in NMZ_TOKEN or a file, where ps does not show it",
      apply: (value, draft) => {
        draft.token = word(value);
        draft.tokenFile = undefined;
      },
    }),
    tokenFileFlag("File whose first line is the token"),
  ],
};

const runFlags: FlagSection<OrchestratorDraft> = {
  title: "Run",
  flags: [
    valueFlag({
      name: "seed",
      aliases: ["nmz-seed"],
      placeholder: "SEED",
      help: "Repeat a run's decisions: any word; each run prints its own",
      apply: wordInto("seed"),
    }),
    valueFlag({
      name: "nmz-out",
      placeholder: "FOLDER",
      help: "Keep trace, seed and report in this folder",
      completes: "folder",
      isWritten: true,
      apply: pathInto("outDir"),
    }),
  ],
};

export const orchestrator = defineCommand<OrchestratorDraft>({
  name: "orchestrator",
  summary: "Decide on the events of inspectors in other processes, on other hosts, in other languages",
  usage: "[OPTIONS] [CONFIG]",
  notes: [
    "Without CONFIG, what 'nmz config show' prints, and REST on port 10080. Ends at SIGINT, SIGTERM or SIGHUP: what is held is accepted and handed to its inspectors; a second signal ends it at once.",
    "The port decides on other programs' packets and files, so it is open to this machine only unless there is a token.",
  ],
  examples: [
    "nmz orchestrator",
    "nmz orchestrator --nmz-out runs shake.toml",
    "NMZ_TOKEN=$(cat token) nmz orchestrator --listen 0.0.0.0 --pb-port 10000",
  ],
  sections: [endpointFlags, runFlags],
  completes: "file",
  isInterspersed: true,
  maxArgs: 1,
  newDraft: ({ env, cwd }: CliContext) => ({
    restPort: undefined,
    pbPort: undefined,
    listen: "127.0.0.1",
    token: env["NMZ_TOKEN"] || undefined,
    tokenFile: undefined,
    seed: undefined,
    outDir: undefined,
    cwd,
  }),
  run: ({ draft, args: [config], context }) => {
    const { cwd, ...request } = draft;
    const configFile = config === undefined ? undefined : resolve(cwd, config);
    return context.services.runOrchestrator(
      { ...request, configFile } satisfies OrchestratorRequest,
      context,
    );
  },
});
