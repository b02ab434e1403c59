import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

const source = fileURLToPath(new URL("../../fixtures/proc/workload.c", import.meta.url));
let compiled: string | undefined;

afterAll(() => {
  if (compiled !== undefined) rmSync(dirname(compiled), { recursive: true });
});

/** The path of the compiled workload, which needs no libraries and so runs in any container. */
export function workloadPath(): string {
  if (compiled === undefined) {
    compiled = join(mkdtempSync(join(tmpdir(), "nmzc-test-workload-")), "workload");
    execFileSync("gcc", ["-O1", "-static", "-pthread", "-o", compiled, source]);
  }
  return compiled;
}

/** The workload as a child of the test. */
export class Workload {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcessByStdio<Writable, Readable, null>) {
    this.#child = child;
    this.#lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  }

  static async start(...words: readonly (string | number)[]): Promise<Workload> {
    const child = spawn(workloadPath(), words.map(String), { stdio: ["pipe", "pipe", "inherit"] });
    await once(child, "spawn");
    return new Workload(child);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  begin(): void {
    this.#child.stdin.write("\n");
  }

  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error("the workload said no more");
    return value;
  }

  async kill(): Promise<void> {
    if (!this.isRunning) return;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await exited;
  }
}
