import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runCli } from "../../fake-context.js";

const page = readFileSync(new URL("../../../../../docs/inspectors.md", import.meta.url), "utf8");
const commands = [...page.matchAll(/^\$ sudo (?:NMZ_TOKEN=\S+ )?nmz (.*)$/gm)].map((match) => match[1]!);

function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2]!);
}

describe("docs/inspectors.md", () => {
  it.each(commands)("shows a command that the command line takes: nmz %s", async (line) => {
    const accept = async (): Promise<number> => 0;
    const services = {
      inspectProc: accept,
      inspectFs: accept,
      inspectEthernet: accept,
      inspectSyslog: accept,
      runOrchestrator: accept,
    };
    const { exitCode, stderr } = await runCli(["nmz", ...words(line)], { services });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  it("has commands to check", () => {
    expect(commands.length).toBeGreaterThan(8);
  });
});
