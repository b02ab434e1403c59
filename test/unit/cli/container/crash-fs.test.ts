import { describe, expect, it } from "vitest";
import type { Services } from "../../../../src/cli/cli-context.js";
import { container, fakeEngine, runCli } from "../fake-context.js";

const ended = container({ name: "ended", id: "e".repeat(64), state: "exited", status: "Exited (1)" });
const foreign = container({ name: "foreign", id: "f".repeat(64), labels: {} });

async function cli(line: string, answer: Awaited<ReturnType<Services["crashRun"]>>) {
  const asked: unknown[] = [];
  const finished = await runCli(["nmzc", ...line.split(" ")], {
    services: {
      openEngine: async () => fakeEngine([container(), ended, foreign]),
      crashRun: async (...request) => {
        asked.push(request);
        return answer;
      },
    },
  });
  return { ...finished, asked };
}

const nothing = { nmzControl: 1, lost: [], failed: [] } as const;

describe("nmzc crash-fs", () => {
  it("asks the container's run, and says what was lost", async () => {
    const lost = [{ path: "log", writes: 2, bytes: 10 }];
    const { stdout, exitCode, asked } = await cli("crash-fs web", { ...nothing, lost });
    expect(asked).toEqual([["run-1", false]]);
    expect(stdout).toBe("lost 2 writes (10 bytes) in 1 file: log\n");
    expect(exitCode).toBe(0);
  });

  it("lets the processes live with --keep-running", async () => {
    const { asked, stdout } = await cli("crash-fs --keep-running web", nothing);
    expect(asked).toEqual([["run-1", true]]);
    expect(stdout).toBe("lost nothing: everything was synced\n");
  });

  it("fails when a file could not be put back, and names it", async () => {
    const { exitCode, stderr } = await cli("crash-fs web", { ...nothing, failed: ["a\u001bb"] });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("could not be put back");
    expect(stderr).not.toContain("\u001b");
  });

  it.each([
    ["ended", "container ended is not running: Exited (1)"],
    ["foreign", "container foreign was not made by nmzc"],
    ["nobody", "no such container: nobody"],
  ])("refuses %s", async (name, words) => {
    const { exitCode, stderr, asked } = await cli(`crash-fs ${name}`, nothing);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(words);
    expect(asked).toEqual([]);
  });
});
