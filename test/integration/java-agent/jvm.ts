import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { javaAgentFiles } from "../../../runtime/agents/java/index.js";

const programs = join(import.meta.dirname, "programs");
/** Another JVM than the one on PATH, to try the agent on. */
const java = process.env["NMZC_TEST_JAVA"] ?? "java";

export const originalScript = join(programs, "original.btm");

/** The test programs, compiled once per test file. */
export class Programs {
  readonly folder: string;

  constructor() {
    execFileSync("scripts/build-agent"); // nothing to do after a build
    this.folder = mkdtempSync(join(tmpdir(), "nmzc-java-"));
    const sources = execFileSync("find", [programs, "-name", "*.java"], { encoding: "utf8" })
      .trim()
      .split("\n");
    const { agent } = javaAgentFiles();
    // Without a locale javac takes the sources for ASCII.
    const options = ["--release", "8", "-encoding", "UTF-8", "-nowarn", "-Xlint:-options"];
    execFileSync("javac", [...options, "-cp", agent, "-d", this.folder, ...sources], { stdio: "pipe" });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

export interface JvmOptions {
  /** After `-javaagent:nmz-java.jar=`; undefined: no agent. */
  readonly agent?: string;
  readonly main: string;
  readonly arguments?: readonly string[];
  readonly jvm?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly isAgentOnClassPath?: boolean;
}

/** A JVM that runs one of the programs, with what it has said so far. */
export class Jvm {
  stdout = "";
  stderr = "";
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #closed: Promise<unknown[]>;

  constructor(folder: string, options: JvmOptions) {
    const { agent } = javaAgentFiles();
    this.#child = spawn(
      java,
      [
        ...(options.agent === undefined ? [] : [`-javaagent:${agent}=${options.agent}`]),
        ...(options.jvm ?? []),
        ...["-cp", options.isAgentOnClassPath === true ? `${folder}:${agent}` : folder],
        options.main,
        ...(options.arguments ?? []),
      ],
      { env: { PATH: process.env["PATH"], ...options.env } },
    );
    this.#closed = once(this.#child, "close");
    this.#child.stdout.setEncoding("utf8").on("data", (text) => {
      this.stdout += text;
    });
    this.#child.stderr.setEncoding("utf8").on("data", (text) => {
      this.stderr += text;
    });
    this.#child.stdin.on("error", () => {});
  }

  send(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** Sends a line and waits for the program to have done it. */
  async step(line: string): Promise<void> {
    this.send(line);
    await this.says(`did ${line}`);
  }

  async says(text: string): Promise<void> {
    await vi.waitFor(
      () => {
        if (!this.stdout.includes(text)) throw new Error(`no "${text}" in: ${this.stdout}${this.stderr}`);
      },
      { timeout: 30_000, interval: 5 },
    );
  }

  /** Ends its input and waits for it; its exit code. */
  async end(): Promise<number | null> {
    this.#child.stdin.end();
    const [code] = await this.#closed;
    return code as number | null;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}
