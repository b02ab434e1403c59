import { describe, expect, it } from "vitest";
import { realServices } from "../../../../src/cli/services.js";
import { NmzError } from "../../../../src/util/index.js";
import { fakeEngine, runCli } from "../fake-context.js";

async function choicesOf(line: string) {
  const choices: string[] = [];
  const finished = await runCli(line.split(" "), {
    services: { chooseEngine: (choice) => choices.push(choice), openEngine: async () => fakeEngine([]) },
  });
  return { ...finished, choices };
}

describe("--engine before the command", () => {
  it.each([
    "nmzc --engine podman ps -q",
    "nmzc --engine=podman ps -q",
    "nmzc --engine docker --engine podman ps -q",
    "nmz --engine podman container ps -q",
    "nmzc --engine podman container ps -q",
  ])("`%s` chooses before the command runs", async (line) => {
    const { exitCode, stderr, choices } = await choicesOf(line);
    expect({ exitCode, stderr, choice: choices.at(-1) }).toEqual({
      exitCode: 0,
      stderr: "",
      choice: "podman",
    });
  });

  it("leaves what follows the command to the command", async () => {
    const { exitCode, stderr, choices } = await choicesOf("nmzc ps --engine podman");
    expect({ exitCode, choices }).toEqual({ exitCode: 125, choices: [] });
    expect(stderr).toContain("unknown flag: --engine");
  });

  it("needs a value", async () => {
    const { exitCode, stderr } = await choicesOf("nmzc --engine");
    expect(exitCode).toBe(125);
    expect(stderr).toContain("flag needs an argument: --engine");
  });

  it("refuses a word that names no engine, with those that do", () => {
    expect(() => realServices.chooseEngine("crio")).toThrow(NmzError);
    expect(() => realServices.chooseEngine("crio")).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("docker, podman, embedded") }),
    );
  });
});
