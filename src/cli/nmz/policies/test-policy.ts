import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { NmzError } from "../../../util/index.js";
import { defineCommand } from "../../command/index.js";

export const testPolicy = defineCommand<object>({
  name: "test",
  summary: "Run the test of a policy of your own",
  usage: "FILE",
  notes: [
    "FILE uses node:test, in TypeScript or JavaScript, and needs nothing installed: nmzc is there by its name. Any other runner does as well where the package nmzc is installed.",
  ],
  examples: ["nmz policies test mypolicy.test.ts"],
  sections: [],
  completes: "file",
  isInterspersed: true,
  minArgs: 1,
  maxArgs: 1,
  newDraft: () => ({}),
  run: async ({ args: [name = ""], context }) => {
    const file = resolve(context.cwd, name);
    if (!existsSync(file)) {
      throw new NmzError("NMZ_POLICY_FILE_MISSING", `there is no file "${file}"`, {
        exitCode: 1,
        hint: "`nmz policies new NAME` writes a policy and a test of it",
      });
    }
    // A process of its own: it has this package's modules by name, and a test may end it as it likes.
    const child = spawn(process.execPath, ["--import", import.meta.resolve("jiti/register"), file], {
      cwd: context.cwd,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...context.env,
        JITI_ALIAS: JSON.stringify({ nmzc: join(packageFolder(), "dist/src/index.js") }),
        JITI_FS_CACHE: "false",
      },
    });
    child.stdout.on("data", (chunk: Buffer) => context.stdout.write(chunk));
    child.stderr.on("data", (chunk: Buffer) => context.stderr.write(chunk));
    return new Promise((done, fail) => {
      child.on("error", fail);
      child.on("close", (code) => done(code ?? 1));
    });
  },
});

/** The nearest folder above with a package.json: the same from src, dist/src and dist/bin. */
function packageFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "package.json")) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}
