import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { requires } from "../../helpers/requires.js";
import { RestRig } from "./rest-rig.js";

requires("curl");

const page = readFileSync(fileURLToPath(new URL("../../../docs/rest.md", import.meta.url)), "utf8");

/** The commands of the page in their order, each with the output that stands below it. */
const examples = [...page.matchAll(/^\$ (curl .*)\n((?:(?!\$ |```).*\n)*)/gm)].map((match) => ({
  command: match[1]!,
  output: match[2]!,
}));

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/;

it("docs/rest.md shows what curl prints", async () => {
  expect(examples.length).toBeGreaterThan(6);
  await using rig = await RestRig.start();
  const server = rig.endpoint.address;
  const { port } = rig.endpoint;
  // The page's inspector beside it, with a write that nobody synced.
  rig.orchestrator.crashes.offer({
    entities: ["disk"],
    crash: async () => ({ lost: [{ path: "log", writes: 1, bytes: 4 }], failed: [] }),
  });
  let documented: string | undefined;
  let real = "";
  for (const { command, output } of examples) {
    const text = command.replaceAll("http://localhost:10080", server).replaceAll(documented ?? "\0", real);
    const printed = await run(text);
    expect(printed.replace(uuid, "UUID"), `${command} (on port ${port})`).toBe(output.replace(uuid, "UUID"));
    documented = uuid.exec(output)?.[0] ?? documented;
    real = uuid.exec(printed)?.[0] ?? real;
  }
  expect(await rig.metric("nmz_rest_entities")).toBe(0);
});

function run(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile("sh", ["-c", command], { timeout: 20_000 }, (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
  });
}
