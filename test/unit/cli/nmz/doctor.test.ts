import { describe, expect, it } from "vitest";
import { EngineError } from "../../../../runtime/engine/index.js";
import type { Ability } from "../../../../src/abilities/index.js";
import type { Services } from "../../../../src/cli/cli-context.js";
import { fakeEngine, runCli } from "../fake-context.js";

const info = {
  kind: "docker",
  name: "Docker Engine 28.0.0",
  apiVersion: "1.48",
  foundBy: "DOCKER_HOST",
  socketPath: "/var/run/docker.sock",
  address: "unix:///var/run/docker.sock",
  isChosen: true,
  embeddedPid: undefined,
  cgroupVersion: 2,
  cgroupDriver: "systemd",
  rootDir: "/var/lib/docker",
  isRootless: false,
  labels: [],
} as const;

const root: Ability = {
  name: "root",
  isPresent: true,
  detail: "uid 0",
  remedy: undefined,
  neededFor: "everything",
  isNeeded: true,
};
const noDeadline: Ability = {
  name: "SCHED_DEADLINE",
  isPresent: false,
  detail: "EPERM",
  remedy: "use a kernel with it",
  neededFor: "policy dirichlet",
  isNeeded: false,
};

function doctor(rows: readonly Ability[], line = "nmz doctor", more: Partial<Services> = {}) {
  const services = {
    openEngine: async () => fakeEngine([], { info }),
    probeAbilities: async () => rows,
    ...more,
  };
  return runCli(line.split(" "), { services });
}

describe("nmz doctor", () => {
  it("prints each row and exits with 0 when all that a run needs is there", async () => {
    expect(await doctor([root, noDeadline])).toEqual({
      exitCode: 0,
      stderr: "",
      stdout: [
        "✔ container engine  Docker Engine 28.0.0, API 1.48, DOCKER_HOST",
        "✔ engine's cgroups  v2, driver systemd",
        "✔ root              uid 0",
        "✖ SCHED_DEADLINE    EPERM",
        "                    needed for: policy dirichlet",
        "                    → use a kernel with it",
        "",
        "nmzc run works; 1 further ability is missing.",
        "",
      ].join("\n"),
    });
  });

  it("exits with 1 when something is missing that a run needs", async () => {
    const { exitCode, stdout } = await doctor([
      { ...root, isPresent: false, detail: "uid 1000", remedy: "use sudo" },
    ]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("✖ root              uid 1000");
    expect(stdout).toContain("nmzc run cannot work on this machine yet.");
  });

  it("has a row for an engine that cannot be reached, and one that runs without root", async () => {
    const openEngine = () => Promise.reject(new EngineError("no engine", { hint: "start it" }));
    const gone = await doctor([root], "nmzc doctor", { openEngine });
    expect(gone.exitCode).toBe(1);
    expect(gone.stdout).toContain("✖ container engine  no engine");
    expect(gone.stdout).toContain("→ start it");
    const rootless = async () => fakeEngine([], { info: { ...info, isRootless: true } });
    const refused = await doctor([root], "nmzc doctor", { openEngine: rootless });
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toContain("it runs without root");
  });

  it("prints the rows as JSON", async () => {
    const { exitCode, stdout } = await doctor([root, noDeadline], "nmz doctor --format json");
    expect(exitCode).toBe(0);
    const rows = JSON.parse(stdout) as Ability[];
    expect(rows.map(({ name, isPresent }) => [name, isPresent])).toEqual([
      ["container engine", true],
      ["engine's cgroups", true],
      ["root", true],
      ["SCHED_DEADLINE", false],
    ]);
  });
});
