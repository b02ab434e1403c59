/**
 * The flags of `nmzc run`: the one table behind parsing, `--help`, docs/cli.md and shell completion, a file per topic. Every
 * flag that `docker run` has had from 20.10 to 28 is in here, supported or refused with its reason.
 *
 * A row checks its value and writes the draft; what concerns several flags at once is in ../parse-run.ts.
 */
import type { FlagSection } from "../../flags/index.js";
import type { RunDraft } from "../run-draft.js";
import { basicFlags } from "./basic.js";
import { endingFlags } from "./ending.js";
import { healthFlags } from "./health.js";
import { mountFlags } from "./mounts.js";
import { networkFlags } from "./network.js";
import { nmzFlags } from "./nmz.js";
import { resourceFlags } from "./resources.js";
import { securityFlags } from "./security.js";

export const runFlagSections: readonly FlagSection<RunDraft>[] = [
  nmzFlags,
  basicFlags,
  endingFlags,
  mountFlags,
  networkFlags,
  resourceFlags,
  securityFlags,
  healthFlags,
];
