import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allHooks, MountedFolder } from "../../helpers/mounted-folder.js";
import { requires } from "../../helpers/requires.js";
import { runProgram } from "./run-program.js";
import { suiteCache } from "./suite-cache.js";

requires("root", "fuse", "built", "cargo");

const everyOperation = `
flen = 1048576
[opsize]
max = 131072
[weights]
close_open = 1
read = 10
write = 10
mapread = 10
mapwrite = 10
truncate = 5
invalidate = 1
fsync = 1
fdatasync = 1
posix_fallocate = 3
punch_hole = 3
sendfile = 3
copy_file_range = 3
posix_fadvise = 2
`;
const withoutMapping = everyOperation.replace(/^map(read|write) = 10$/gm, "map$1 = 0");

// Unhooked, reads and writes can skip the server (kernel passthrough); hooked, every one of them passes it.
describe.each([
  { hooked: "no operation hooked", hooks: [] },
  { hooked: "every operation hooked", hooks: allHooks },
])("fsx with $hooked", ({ hooks }) => {
  let folder: MountedFolder;
  let fsx = "";
  beforeAll(async () => {
    fsx = `${suiteCache()}/bin/fsx`;
    folder = await MountedFolder.mount({ hooks });
  }, 300_000);
  afterAll(async () => {
    await folder?.unmount();
  });

  it.each([
    { operations: "every operation it knows", config: everyOperation, seed: "1", count: 12_000 },
    { operations: "system calls only", config: withoutMapping, seed: "2", count: 12_000 },
    { operations: "a seed of the day", config: everyOperation, seed: undefined, count: 6_000 },
  ])("finds every byte where it was put ($operations)", async ({ config, seed, count }) => {
    const configFile = `${folder.plain}/fsx.toml`;
    writeFileSync(configFile, config);
    const seedArgs = seed === undefined ? [] : ["-S", seed];
    const result = await runProgram(
      fsx,
      ["-f", configFile, "-N", String(count), "-P", folder.plain, ...seedArgs, `${folder.path}/fsx.data`],
      { timeoutMs: 55_000 },
    );
    expect(result.code, result.output).toBe(0);
  });
});
