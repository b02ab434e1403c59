import { addJavaOption } from "../../../container/java/java-request.js";
import type { InspectorName } from "../../../container/run-request.js";
import { nearest } from "../../../util/index.js";
import { type FlagSection, listFlag, valueFlag } from "../../flags/index.js";
import { presetFlag } from "../../preset-flag.js";
import type { RunDraft } from "../run-draft.js";

const inspectors: readonly InspectorName[] = ["ethernet", "fs", "proc"];

/** What docker does not have. */
export const nmzFlags: FlagSection<RunDraft> = {
  title: "Shaking",
  flags: [
    valueFlag({
      name: "nmz-autopilot",
      placeholder: "FILE",
      help: "Configuration in TOML, YAML or JSON; see 'nmz config show'",
      completes: "file",
      apply: (value, draft) => {
        if (value === "") throw new Error("no file named");
        draft.autopilotFile = value;
      },
    }),
    presetFlag(),
    valueFlag({
      name: "nmz-seed",
      placeholder: "SEED|hot",
      help: "Repeat a run: any word; each run prints its own. hot: one that made this test fail, see 'nmz seeds'",
      apply: (value, draft) => {
        if (value === "") throw new Error("a seed is a word that is not empty");
        draft.seed = value;
      },
    }),
    valueFlag({
      name: "nmz-test",
      placeholder: "NAME",
      help: "The name that seeds which make it fail are kept under (default: image and command)",
      apply: (value, draft) => {
        if (value === "") throw new Error("no test named");
        draft.test = value;
      },
    }),
    listFlag({
      name: "nmz-disable",
      placeholder: "ethernet,fs,proc",
      help: "Leave out inspectors: packets, files, threads",
      completes: inspectors,
      apply: (value, draft) => {
        for (const word of value.split(",")) {
          const inspector = inspectors.find((each) => each === word.trim());
          if (inspector === undefined) {
            const meant = nearest(word, inspectors);
            throw new Error(
              `no inspector "${word}"${meant === undefined ? "" : `, did you mean ${meant}?`} (${inspectors.join(", ")})`,
            );
          }
          draft.disabled.add(inspector);
        }
      },
    }),
    valueFlag({
      name: "nmz-out",
      placeholder: "FOLDER",
      help: "Keep trace, seed and report in this folder",
      completes: "folder",
      isWritten: true,
      apply: (value, draft) => {
        if (value === "") throw new Error("no folder named");
        draft.outDir = value;
      },
    }),
    listFlag({
      name: "nmz-java",
      placeholder: "functions=CLASS#METHOD,…|script:FILE",
      help: "Shake functions of every JVM in the container: calls and returns, or what Byteman rules say; see docs/java.md",
      fileIn: (value) => (value.startsWith("script:") ? value.slice("script:".length) : undefined),
      apply: (value, draft) => {
        const { readFile } = draft.surroundings;
        draft.java = addJavaOption(draft.java, value, readFile);
      },
    }),
  ],
};
