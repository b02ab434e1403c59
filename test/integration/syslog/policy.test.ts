import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { definePolicy } from "../../../src/policy/index.js";
import {
  type Action,
  type Event,
  FilesystemEvent,
  LogEvent,
  ShellAction,
} from "../../../src/signal/index.js";
import { requires } from "../../helpers/requires.js";
import { patience, run, startLogs } from "./log-rig.js";

requires("logger");

const folder = mkdtempSync(join(tmpdir(), "nmzt-log-policy-"));
const written = join(folder, "leader");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** From the moment on at which somebody is elected: a command is run once, and files are slow. */
const afterElection = definePolicy({
  name: "after-election",
  create: ({ delay, emit }) => {
    let isElected = false;
    return {
      onEvent: (event) => {
        if (event instanceof LogEvent) {
          const leader = /^elected (\w+)$/.exec(event.message)?.[1];
          if (leader === undefined || isElected || event.option["severity"] !== "notice") return undefined;
          isElected = true;
          emit(new ShellAction(`printf %s ${leader} > ${written}`));
          return undefined;
        }
        return isElected ? delay(event, 300) : undefined;
      },
    };
  },
});

describe("a policy that reads log lines", () => {
  it("runs a command and changes its delays when a line says what it waits for", async () => {
    const { inspector, orchestrator, undo, line } = await startLogs(afterElection);
    const log = (text: string, priority: string) =>
      run("logger", ["-n", "127.0.0.1", "-P", String(inspector.udpPort), "-d", "-p", priority, "--", text]);
    const waited = (): Promise<number> =>
      new Promise((resolve) => {
        const startMs = performance.now();
        const sink = { deliver: (_: Event, __: Action) => resolve(performance.now() - startMs) };
        orchestrator.submit(new FilesystemEvent("files", "pre-fsync", "log"), sink);
      });
    try {
      await log("elected nobody", "user.debug");
      await line("elected nobody");
      const held = orchestrator.counts.delayed;
      await waited();
      expect(orchestrator.counts.delayed).toBe(held);
      expect(existsSync(written)).toBe(false);

      await log("elected node2", "user.notice");
      await vi.waitFor(() => expect(readFileSync(written, "utf8")).toBe("node2"), patience);
      expect(await waited()).toBeGreaterThanOrEqual(300);
    } finally {
      await undo.unwind();
    }
  });
});
