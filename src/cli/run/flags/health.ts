import {
  type Flag,
  type FlagSection,
  parseDurationNs,
  parseInteger,
  switchFlag,
  valueFlag,
} from "../../flags/index.js";
import type { RunDraft } from "../run-draft.js";

/** The health check: it runs in the container, and is shaken like the rest. */
export const healthFlags: FlagSection<RunDraft> = {
  title: "Health check",
  flags: [
    valueFlag({
      name: "health-cmd",
      placeholder: "COMMAND",
      help: "Command that checks health, for the image's shell",
      apply: (value, draft) => {
        if (value === "") delete draft.health.Test;
        else draft.health.Test = ["CMD-SHELL", value];
      },
    }),
    duration("health-interval", "Time between two checks", "Interval"),
    duration("health-timeout", "Longest time of one check", "Timeout"),
    duration("health-start-period", "Time in which failures do not count", "StartPeriod"),
    duration("health-start-interval", "Time between two checks in the start period", "StartInterval"),
    valueFlag({
      name: "health-retries",
      placeholder: "NUMBER",
      help: "Failures in a row that make it unhealthy",
      apply: (value, draft) => {
        draft.health.Retries = parseInteger(value, { min: 0 });
      },
    }),
    switchFlag({
      name: "no-healthcheck",
      help: "Disable the image's HEALTHCHECK",
      apply: (on, draft) => {
        draft.hasNoHealthcheck = on;
      },
    }),
  ],
};

function duration(
  name: string,
  help: string,
  key: "Interval" | "Timeout" | "StartPeriod" | "StartInterval",
): Flag<RunDraft> {
  return valueFlag({
    name,
    placeholder: "DURATION",
    help: `${help}, like 30s`,
    apply: (value, draft) => {
      draft.health[key] = parseDurationNs(value);
    },
  });
}
