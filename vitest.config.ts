import { defineConfig } from "vitest/config";

const project = (name: string, timeoutMs: number, parallel: boolean, ...globalSetup: string[]) => ({
  test: {
    name,
    globalSetup,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    // Kernel queues, mounts and the engine are one machine-wide resource: those files run in turn.
    fileParallelism: parallel,
    // Vitest would leave one core to itself, which waits while tests run: on two cores that is half of the machine.
    ...(parallel ? { maxWorkers: "100%" } : {}),
    pool: "forks" as const,
  },
});

export default defineConfig({
  test: {
    projects: [
      project("unit", 60_000, true, "test/unit/fuzz/table.ts"),
      project("integration", 60_000, false),
      project("e2e", 180_000, false),
      project("images", 600_000, false),
    ],
  },
});
