import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, NmzError } from "../../../util/index.js";
import { defineCommand } from "../../command/index.js";
import { starterPolicy, starterTest } from "./starter.js";

export const newPolicy = defineCommand<object>({
  name: "new",
  summary: "Write a policy to start from, and a test of it",
  usage: "NAME",
  notes: ["Writes NAME.ts and NAME.test.ts into the current folder. Files that exist are left alone."],
  examples: ["nmz policies new slow-fsync", "nmz policies test slow-fsync.test.ts"],
  sections: [],
  isInterspersed: true,
  minArgs: 1,
  maxArgs: 1,
  newDraft: () => ({}),
  run: async ({ args: [name = ""], context: { cwd, stdout } }) => {
    requireName(name);
    const file = join(cwd, `${name}.ts`);
    writeNew(file, starterPolicy(name));
    try {
      writeNew(join(cwd, `${name}.test.ts`), starterTest(name));
    } catch (error) {
      rmSync(file); // both or neither: it would be in the way of the next attempt
      throw error;
    }
    stdout.write(
      [
        `${name}.ts       the policy; use it with explorePolicy = "./${name}.ts"`,
        `${name}.test.ts  its test; run it with: nmz policies test ${name}.test.ts`,
        "",
      ].join("\n"),
    );
    return 0;
  },
});

function requireName(name: string): void {
  if (/^[a-z0-9][\w-]*$/i.test(name)) return;
  throw new NmzError("NMZ_POLICY_NAME", `"${name}" cannot be the name of a policy`, {
    exitCode: 1,
    hint: "use letters, digits, '-' and '_'; the file gets the extension by itself",
  });
}

function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === "EEXIST";
    throw new NmzError(
      "NMZ_POLICY_NEW",
      exists ? `"${file}" exists already` : `cannot write "${file}": ${messageOf(error)}`,
      {
        exitCode: 1,
        hint: exists ? "choose another name, or move it away" : "choose another folder",
        cause: error,
      },
    );
  }
}
