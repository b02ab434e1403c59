import { defineCommand } from "../../command/index.js";

export const removeSeedsOf = defineCommand<object>({
  name: "rm",
  summary: "Forget seeds of a test, or the test with all its seeds",
  usage: "TEST [SEED...]",
  notes: ["TEST is a test's name or its ID."],
  examples: ["nmz seeds rm login 4f1c", "nmz seeds rm login"],
  sections: [],
  isInterspersed: true,
  minArgs: 1,
  newDraft: () => ({}),
  run: async ({ args: [wanted = "", ...words], context }) => {
    const { findTest, removeSeeds, SeedFile, seedsPath } = await import("../../../seeds/index.js");
    const lock = await context.services.seedLock();
    await new SeedFile(seedsPath(context.env)).change(lock, (book) =>
      removeSeeds(book, findTest(book, wanted), words),
    );
    return 0;
  },
});
