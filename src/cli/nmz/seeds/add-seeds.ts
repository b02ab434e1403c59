import { defineCommand } from "../../command/index.js";

export const addSeeds = defineCommand<object>({
  name: "add",
  summary: "Keep seeds for a test: --nmz-seed hot takes them next, under every config",
  usage: "TEST SEED [SEED...]",
  notes: ["TEST is the ID of a test that is known, or any name: that of --nmz-test, or image and command."],
  examples: ["nmz seeds add login 4f1c", "nmz seeds add 'myapp npm test' 4f1c tuna"],
  sections: [],
  isInterspersed: true,
  minArgs: 2,
  newDraft: () => ({}),
  run: async ({ args: [wanted = "", ...words], context }) => {
    const { addSeed, nameOf, SeedFile, seedsPath } = await import("../../../seeds/index.js");
    const lock = await context.services.seedLock();
    const now = new Date().toISOString();
    await new SeedFile(seedsPath(context.env)).change(lock, (book) =>
      words.reduce((grown, seed) => addSeed(grown, nameOf(grown, wanted), seed, now), book),
    );
    return 0;
  },
});
