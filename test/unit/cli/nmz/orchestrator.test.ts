import { describe, expect, it } from "vitest";
import type { OrchestratorRequest } from "../../../../src/standalone/index.js";
import { runCli } from "../fake-context.js";

async function requestOf(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  let request: OrchestratorRequest | undefined;
  const runOrchestrator = async (given: OrchestratorRequest) => {
    request = given;
    return 0;
  };
  const { exitCode, stderr } = await runCli(["nmz", "orchestrator", ...words], {
    services: { runOrchestrator },
    env,
    cwd: "/home/user",
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return request!;
}

describe("nmz orchestrator", () => {
  it("leaves ports and seed to the config, and listens on loopback", async () => {
    expect(await requestOf([])).toMatchObject({
      configFile: undefined,
      restPort: undefined,
      pbPort: undefined,
      listen: "127.0.0.1",
      token: undefined,
      tokenFile: undefined,
      seed: undefined,
      outDir: undefined,
    });
  });

  it("takes flags before and after the config, and files from where the user is", async () => {
    const words = "--rest-port=0 shake.toml --pb-port -1 --listen [::1] --nmz-seed 4f1c --nmz-out runs".split(
      " ",
    );
    expect(await requestOf(words)).toMatchObject({
      configFile: "/home/user/shake.toml",
      restPort: 0,
      pbPort: -1,
      listen: "::1",
      seed: "4f1c",
      outDir: "/home/user/runs",
    });
  });

  it("takes the token from a flag or a file, rather than from the environment", async () => {
    const env = { NMZ_TOKEN: "environment" };
    expect(await requestOf([], env)).toMatchObject({ token: "environment", tokenFile: undefined });
    expect(await requestOf(["--token", "flag"], env)).toMatchObject({ token: "flag", tokenFile: undefined });
    expect(await requestOf(["--token-file", "t"], env)).toMatchObject({ tokenFile: "/home/user/t" });
  });

  it.each([
    [["--rest-port", "65536"], /above 65535/],
    [["--pb-port", "http"], /not a whole number/],
    [["--token", ""], /must not be empty/],
    [["a.toml", "b.toml"], /accepts at most 1 argument/],
  ])("refuses %j", async (words, message) => {
    const { exitCode, stderr } = await runCli(["nmz", "orchestrator", ...words]);
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(message);
  });
});
