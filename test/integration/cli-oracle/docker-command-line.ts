import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface DockerAnswer {
  /** What docker's command line sends to POST /containers/create; undefined when it refuses the words itself. */
  readonly body: Record<string, unknown> | undefined;
  readonly name: string | undefined;
  readonly exitCode: number;
  readonly stderr: string;
}

export interface DockerCommandLine extends AsyncDisposable {
  /** Runs the real `docker create WORDS…` against an engine that only listens. */
  create(words: readonly string[], env?: Record<string, string>): Promise<DockerAnswer>;
}

/**
 * The installed docker command line as the oracle of ours: it talks to a server on a unix socket that keeps the body of
 * the create request, so no engine and no container are needed. `apiVersion` is what that engine claims to be.
 */
export async function openDockerCommandLine(cwd: string, apiVersion = "1.48"): Promise<DockerCommandLine> {
  const folder = mkdtempSync(join(tmpdir(), "nmzt-oracle-"));
  const socket = join(folder, "docker.sock");
  const received: { body: Record<string, unknown>; name: string | undefined }[] = [];
  const server = createServer((request, response) => {
    response.setHeader("API-Version", apiVersion);
    response.setHeader("OSType", "linux");
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url ?? "/", "http://engine");
      if (!url.pathname.endsWith("/containers/create")) {
        response.end("OK");
        return;
      }
      const name = url.searchParams.get("name") ?? undefined;
      received.push({ body: JSON.parse(Buffer.concat(chunks).toString()), name });
      response.statusCode = 201;
      response.setHeader("Content-Type", "application/json");
      response.end('{"Id":"0123456789ab","Warnings":[]}');
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    async create(words, env = {}) {
      received.length = 0;
      const child = spawn("docker", ["--host", `unix://${socket}`, "create", ...words], {
        cwd,
        env: { PATH: process.env["PATH"] ?? "", HOME: folder, ...env },
        stdio: ["ignore", "ignore", "pipe"],
      });
      let stderr = "";
      child.stderr.on("data", (chunk: Buffer) => {
        stderr += chunk.toString();
      });
      const exitCode = await new Promise<number>((resolve, reject) => {
        child.on("error", reject);
        child.on("close", (code) => resolve(code ?? -1));
      });
      return { body: received[0]?.body, name: received[0]?.name, exitCode, stderr };
    },
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** 28 for "Docker version 28.2.2, build …". */
export function dockerCommandLineVersion(): number {
  return Number(/version (\d+)/.exec(execFileSync("docker", ["--version"], { encoding: "utf8" }))?.[1]);
}
