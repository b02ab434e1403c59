import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";

export interface FinishedStep {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A job's working directory, with `nmzc-ci` and a stand-in for nmzc in PATH, as in nmzc's image. */
export class TemplateJob {
  readonly cwd = mkdtempSync(join(tmpdir(), "nmzt-ci-job-"));
  /** Where nmzc and nmzc-ci are. */
  readonly #bin = `${this.cwd}-bin`;

  constructor(programs: Readonly<Record<string, string>> = {}) {
    mkdirSync(this.#bin);
    const all = { nmzc: "test/fixtures/ci-templates/nmzc", "nmzc-ci": "ci/nmzc-ci", ...programs };
    for (const [name, path] of Object.entries(all)) symlinkSync(resolve(path), join(this.#bin, name));
  }

  get #searchPath(): string {
    return `${this.#bin}${delimiter}${process.env["PATH"]}`;
  }

  /** Only what is given is in the environment: a CI service of our own must not show through. */
  run(command: readonly string[], env: Readonly<Record<string, string>> = {}): FinishedStep {
    const [program = "", ...args] = command;
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: this.cwd,
      encoding: "utf8",
      env: this.#environment(env),
    });
    return { exitCode: status, stdout, stderr };
  }

  /** The same, in the background. */
  start(command: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
    const [program = "", ...args] = command;
    return spawn(program, args, { cwd: this.cwd, stdio: "ignore", env: this.#environment(env) });
  }

  /** A PATH in which there is nothing but these programs of the machine's. */
  barePath(...programs: readonly string[]): string {
    const folder = join(this.#bin, "bare");
    mkdirSync(folder);
    const folders = (process.env["PATH"] ?? "").split(delimiter);
    for (const program of programs) {
      const from = folders.map((each) => join(each, program)).find((path) => existsSync(path));
      if (from !== undefined) symlinkSync(from, join(folder, program));
    }
    return folder;
  }

  #environment(env: Readonly<Record<string, string>>): Record<string, string> {
    return { PATH: this.#searchPath, HOME: this.cwd, ...env };
  }

  path(name: string): string {
    return join(this.cwd, name);
  }

  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  write(name: string, text: string): string {
    writeFileSync(this.path(name), text);
    return this.path(name);
  }

  remove(): void {
    rmSync(this.cwd, { recursive: true, force: true });
    rmSync(this.#bin, { recursive: true, force: true });
  }
}
