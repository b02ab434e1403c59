import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type StartedNmzc, startNmzc } from "../../helpers/run-nmzc.js";

/** A folder of the test's own. */
export class Workplace {
  readonly path = mkdtempSync(join(tmpdir(), "nmzt-standalone-"));

  folder(name: string): string {
    const path = join(this.path, name);
    mkdirSync(path);
    return path;
  }

  file(name: string, text: string): string {
    const path = join(this.path, name);
    writeFileSync(path, text);
    return path;
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

/** `nmz inspectors WORDS…`, attached: the line that says so has come. */
export async function attached(...words: readonly string[]): Promise<StartedNmzc> {
  const [name = ""] = words;
  const started = startNmzc(["inspectors", ...words], { command: "nmz" });
  await started.stderrHas(`nmz: ${name}: `);
  return started;
}

/** Ends it as Ctrl-C does, and gives what it said. */
export async function interrupted(started: StartedNmzc): Promise<string> {
  started.process.kill("SIGINT");
  const { exitCode, stderr } = await started.finished;
  if (exitCode !== 0) throw new Error(`ended with ${exitCode}: ${stderr}`);
  return stderr;
}

/** Journals that a process left. */
export function journalsOf(pid: number): string[] {
  const folder = "/run/nmzc";
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter(
    (name) => name.endsWith(".json") && contentOf(join(folder, name))?.pid === pid,
  );
}

function contentOf(file: string): { readonly pid: number } | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined; // it was removed between the listing and the look
  }
}

/** Field 41 of /proc/<pid>/stat: 0 is SCHED_OTHER, 3 SCHED_BATCH. */
export function schedulingPolicy(pid: number): string {
  return execFileSync("cut", ["-d", " ", "-f", "41", `/proc/${pid}/stat`], { encoding: "utf8" }).trim();
}
