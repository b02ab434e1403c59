import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runCli } from "../fake-context.js";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

describe("command tree", () => {
  it.each([
    "nmzc",
    "nmzc --help",
    "nmzc -h",
    "nmzc help",
    "nmz config",
    "nmz container --help",
    "nmz help config",
  ])("`%s` prints the group's help and exits with 0", async (line) => {
    const { exitCode, stdout, stderr } = await runCli(line.split(" "));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: {2}nmzc? (\w+ )?(\[OPTIONS\] )?COMMAND\n/);
    expect(stdout).toContain("Commands:\n");
  });

  it.each([
    ["nmzc run --help", "nmzc run [OPTIONS] IMAGE [COMMAND] [ARG...]"],
    ["nmzc help run", "nmzc run [OPTIONS] IMAGE [COMMAND] [ARG...]"],
    ["nmz container run --help", "nmz container run [OPTIONS] IMAGE [COMMAND] [ARG...]"],
    ["nmzc container run --rm --help img", "nmzc container run [OPTIONS] IMAGE [COMMAND] [ARG...]"],
    ["nmzc ps -h", "nmzc ps [OPTIONS]"],
    ["nmzc logs x --help", "nmzc logs [OPTIONS] CONTAINER"],
    ["nmz config show --help", "nmz config show [FILE]"],
    ["nmzc exec --help", "nmzc exec [OPTIONS] CONTAINER COMMAND [ARG...]"],
    ["nmzc prune --help", "nmzc prune"],
  ])("`%s` prints the command's help and exits with 0", async (line, usage) => {
    const { exitCode, stdout, stderr } = await runCli(line.split(" "));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout.split("\n")[0]!.trimEnd()).toBe(`Usage:  ${usage}`);
  });

  it.each([
    "nmzc --version",
    "nmzc -v",
    "nmzc ps --version",
    "nmzc container --version",
    "nmzc run --version",
  ])("`%s` prints the version", async (line) => {
    expect(await runCli(line.split(" "))).toEqual({ exitCode: 0, stdout: `nmzc ${version}\n`, stderr: "" });
  });

  it("fails when its output could not be written", async () => {
    const { exitCode, stderr } = await runCli(["nmzc", "--help"], { outputFailure: new Error("ENOSPC") });
    expect(exitCode).toBe(125);
    expect(stderr).toContain("nmzc: cannot write output: ENOSPC\n");
  });

  it.each([
    ["nmzc rnu", 1, "nmzc: unknown command: nmzc rnu\nhint: did you mean 'nmzc run'? see 'nmzc --help'\n"],
    [
      "nmzc container lgos",
      1,
      "nmzc: unknown command: nmzc container lgos\nhint: did you mean 'nmzc container logs'? see 'nmzc container --help'\n",
    ],
    ["nmz config xyzzy", 1, "nmz: unknown command: nmz config xyzzy\nhint: see 'nmz config --help'\n"],
    ["nmzc --bogus run", 125, "nmzc: unknown option '--bogus'\nhint: see 'nmzc --help'\n"],
    [
      "nmzc run",
      1,
      "nmzc: 'nmzc run' requires at least 1 argument\nhint: usage: nmzc run [OPTIONS] IMAGE [COMMAND] [ARG...]; see 'nmzc run --help'\n",
    ],
    [
      "nmzc ps x",
      1,
      "nmzc: 'nmzc ps' accepts no arguments\nhint: usage: nmzc ps [OPTIONS]; see 'nmzc ps --help'\n",
    ],
    [
      "nmzc logs",
      1,
      "nmzc: 'nmzc logs' requires 1 argument\nhint: usage: nmzc logs [OPTIONS] CONTAINER; see 'nmzc logs --help'\n",
    ],
    [
      "nmz config show a b",
      1,
      "nmz: 'nmz config show' accepts at most 1 argument\nhint: usage: nmz config show [FILE]; see 'nmz config show --help'\n",
    ],
    [
      "nmzc run --memmory 5 img",
      125,
      "nmzc: unknown flag: --memmory\nhint: did you mean --memory? see 'nmzc run --help'\n",
    ],
    [
      "nmz container run -z img",
      125,
      "nmz: unknown shorthand flag: 'z' in -z\nhint: see 'nmz container run --help'\n",
    ],
    [
      "nmzc ps --format yaml",
      125,
      'nmzc: invalid argument "yaml" for "--format": must be table or json\nhint: see \'nmzc ps --help\'\n',
    ],
  ])("`%s` fails with %i and says what to do", async (line, exitCode, stderr) => {
    expect(await runCli(line.split(" "))).toEqual({ exitCode, stdout: "", stderr });
  });
});
