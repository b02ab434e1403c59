import {
  cutPair,
  type FlagSection,
  listFlag,
  parseInteger,
  RefusedFlag,
  valueFlag,
} from "../../flags/index.js";
import type { RunDraft } from "../run-draft.js";

/** How the container ends, and where its output goes. */
export const endingFlags: FlagSection<RunDraft> = {
  title: "Stopping and logging",
  flags: [
    valueFlag({
      name: "stop-signal",
      placeholder: "SIGNAL",
      help: "Signal that stops the container",
      apply: (value, draft) => {
        draft.body.StopSignal = value;
      },
    }),
    valueFlag({
      name: "stop-timeout",
      placeholder: "SECONDS",
      help: "How long a stop waits before it kills",
      apply: (value, draft) => {
        draft.body.StopTimeout = parseInteger(value);
      },
    }),
    valueFlag({
      name: "restart",
      placeholder: "no",
      help: 'Only "no": a restarted container would run outside the inspectors',
      completes: ["no"],
      apply: (value) => {
        if (value === "no" || value === "") return;
        throw new RefusedFlag(
          "a restarted container would run outside the inspectors",
          "put the loop around nmzc: until nmzc run …; do :; done",
        );
      },
    }),
    valueFlag({
      name: "log-driver",
      placeholder: "DRIVER",
      help: "Logging driver of the container",
      apply: (value, draft) => {
        draft.body.HostConfig.LogConfig = { Config: {}, ...draft.body.HostConfig.LogConfig, Type: value };
      },
    }),
    listFlag({
      name: "log-opt",
      placeholder: "KEY=VALUE",
      help: "Option of the logging driver",
      apply: (value, draft) => {
        const [key, text] = cutPair(value);
        const { Type = "", Config = {} } = draft.body.HostConfig.LogConfig ?? {};
        draft.body.HostConfig.LogConfig = { Type, Config: { ...Config, [key]: text } };
      },
    }),
  ],
};
