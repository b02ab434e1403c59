/**
 * `nmz seeds`: what made tests fail, so that `nmzc run --nmz-seed hot` takes it first. Lists, adds and removes; runs add
 * by themselves. Touches one file, that of the user's state (src/seeds).
 */
import type { CommandGroup } from "../../command/index.js";
import { addSeeds } from "./add-seeds.js";
import { listSeeds } from "./list-seeds.js";
import { removeSeedsOf } from "./remove-seeds.js";

export const seeds: CommandGroup = {
  kind: "group",
  name: "seeds",
  summary: "List the seeds that made tests fail, which --nmz-seed hot takes first",
  notes: ["Without a command, `nmz seeds` is `nmz seeds ls`."],
  commands: [listSeeds, addSeeds, removeSeedsOf],
  byDefault: listSeeds,
};
