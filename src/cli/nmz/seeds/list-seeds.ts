import { printable } from "../../../util/index.js";
import { defineCommand } from "../../command/index.js";
import { renderTable } from "../../table.js";
import { type FormatDraft, formatSection } from "../policies/format-flag.js";

export const listSeeds = defineCommand<FormatDraft>({
  name: "ls",
  summary: "List the seeds of each test, or of one, the hottest first",
  usage: "[OPTIONS] [TEST]",
  notes: [
    "TEST is a test's name or its ID. LAST RUNS has the newest at its end: x failed, . did not. They are kept in $XDG_STATE_HOME/nmzc/seeds.json (default ~/.local/state).",
  ],
  sections: [formatSection],
  isInterspersed: true,
  maxArgs: 1,
  newDraft: () => ({ format: "text" }),
  run: async ({ draft, args: [wanted], context: { stdout, env } }) => {
    const { findTest, hottestFirst, SeedFile, seedsPath, testId } = await import("../../../seeds/index.js");
    const book = new SeedFile(seedsPath(env)).read();
    const tests = wanted === undefined ? book.tests : [findTest(book, wanted)];
    if (draft.format === "json") {
      const listed = tests.map((test) => ({ id: testId(test.name), ...test }));
      stdout.write(`${JSON.stringify(listed, undefined, 2)}\n`);
      return 0;
    }
    const rows = tests.flatMap(({ name, seeds }) =>
      seeds
        .toSorted(hottestFirst)
        .map((seed) => [
          testId(name),
          printable(seed.seed),
          `${seed.failures} of ${seed.tries}`,
          seed.recent,
          printable(seed.policy ?? "any"),
          seed.lastFailedAt?.slice(0, 10) ?? "",
          shortened(printable(name)),
        ]),
    );
    stdout.write(
      renderTable([["ID", "SEED", "FAILED", "LAST RUNS", "POLICY", "LAST FAILED", "TEST"], ...rows]),
    );
    return 0;
  },
});

const maxWidth = 60;

function shortened(name: string): string {
  return name.length <= maxWidth ? name : `${name.slice(0, maxWidth - 1)}…`;
}
