import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "nmzc-health-"));
let server: Server;
/** Answers on one address only, which a container's own may be as well. */
const address = "127.0.0.3";
let port = 0;

beforeAll(async () => {
  server = createServer((_, response) => response.writeHead(404).end());
  server.listen(0, address);
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** The exit code, where the first process of the container has these words. */
async function health(...words: readonly string[]): Promise<number> {
  const command = join(folder, "cmdline");
  writeFileSync(command, words.map((word) => `${word}\0`).join(""));
  const env = { ...process.env, NMZC_HEALTH_COMMAND: command };
  const [code] = await once(spawn("scripts/lib/image/nmzc-health", { env, stdio: "ignore" }), "exit");
  return code as number;
}

describe("nmzc-health", () => {
  it("asks the orchestrator where it listens", async () => {
    const there = ["--listen", address, `--rest-port=${port}`];
    expect(await health("node", "/bin/nmz", "orchestrator", ...there)).toBe(0);
    // Nobody listens at the usual address.
    expect(await health("node", "/bin/nmz", "orchestrator", "--rest-port", String(port))).toBe(1);
  });

  it("knows one that has hidden its token", async () => {
    expect(await health(`nmz orchestrator --token … --listen=${address} --rest-port ${port}`)).toBe(0);
    expect(await health(`nmz orchestrator --token … --rest-port ${port}`)).toBe(1);
  });

  it("is content with whatever else runs, and with one whose port is in a file", async () => {
    expect(await health("node", "/bin/nmzc", "run", "ubuntu")).toBe(0);
    expect(await health("nmz", "orchestrator", "/etc/shake.toml")).toBe(0);
  });
});
