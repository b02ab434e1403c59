/**
 * `nmz inspectors`: an inspector each, without a container. Their flags are Namazu's, with one dash or two; those that all
 * share are in wire-flags.ts. Must not know how anything is intercepted: the commands only read their words.
 */
import type { CommandGroup } from "../../command/index.js";
import { ethernet } from "./ethernet.js";
import { fs } from "./fs.js";
import { proc } from "./proc.js";
import { syslog } from "./syslog.js";

export const inspectors: CommandGroup = {
  kind: "group",
  name: "inspectors",
  summary: "Shake what runs without a container: threads, files, packets",
  commands: [proc, fs, ethernet, syslog],
};
