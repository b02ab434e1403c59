import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { makeFolders, messageOf, NmzError } from "../util/index.js";
import type { KnownSeed, KnownTest, SeedBook, Tries } from "./seed-book.js";

/** The version of the file. */
export const seedsVersion = 1;

/** Runs `work` while nobody else who asks for the lock on `path` does. */
export type LockFile = (path: string, work: () => void) => Promise<void>;

/** `$XDG_STATE_HOME/nmzc/seeds.json`, which is `~/.local/state/nmzc/seeds.json` where that is not set. */
export function seedsPath(env: Readonly<Record<string, string | undefined>>): string {
  const home = env["HOME"] || homedir();
  return join(env["XDG_STATE_HOME"] || join(home, ".local/state"), "nmzc", "seeds.json");
}

/** The book on disk: `{"nmzSeeds": 1, "tests": […]}`, see SeedBook. Only its user may read it: commands can hold secrets. */
export class SeedFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Empty where there is no file. Throws NMZ_SEEDS_READ, NMZ_SEEDS_VERSION. */
  read(): SeedBook {
    let text: string;
    try {
      text = readFileSync(this.path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return { tests: [] };
      throw unreadable(this.path, error);
    }
    return this.#parse(text);
  }

  /** Replaces the file whole; runs that end at the same time wait for each other. Throws NMZ_SEEDS_WRITE, and what `read` does. */
  async change(locked: LockFile, edit: (book: SeedBook) => SeedBook): Promise<void> {
    try {
      makeFolders(dirname(this.path), 0o700);
      await locked(`${this.path}.lock`, () => {
        const before = this.read();
        const after = edit(before);
        if (after !== before) this.#write(after);
      });
    } catch (error) {
      if (error instanceof NmzError) throw error;
      throw new NmzError("NMZ_SEEDS_WRITE", `cannot write ${this.path}: ${messageOf(error)}`, {
        hint: "set XDG_STATE_HOME to a folder that can be written",
        cause: error,
      });
    }
  }

  #write(book: SeedBook): void {
    const draft = `${this.path}.new`; // one at a time, under the lock
    try {
      writeFileSync(draft, `${JSON.stringify({ nmzSeeds: seedsVersion, ...book }, undefined, 1)}\n`, {
        mode: 0o600,
      });
      renameSync(draft, this.path);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
  }

  #parse(text: string): SeedBook {
    let content: { readonly nmzSeeds?: unknown; readonly tests?: unknown };
    try {
      content = JSON.parse(text);
    } catch (error) {
      throw unreadable(this.path, error);
    }
    if (content?.nmzSeeds !== seedsVersion) {
      const message = `${this.path} is of version ${String(content?.nmzSeeds)}, and this nmz reads version ${seedsVersion}`;
      throw new NmzError("NMZ_SEEDS_VERSION", message, { hint: "move it away to begin a new one" });
    }
    const { tests } = content;
    if (!Array.isArray(tests) || !tests.every(isTest)) {
      throw unreadable(this.path, new Error("it does not hold a list of tests with their seeds"));
    }
    return { tests };
  }
}

function isTest(value: unknown): value is KnownTest {
  const test = value as Partial<KnownTest> | null;
  return (
    typeof test?.name === "string" &&
    Array.isArray(test.seeds) &&
    Array.isArray(test.fresh) &&
    test.seeds.every(isSeed) &&
    test.fresh.every((each) => isTries(each) && typeof each.shaking === "string")
  );
}

function isSeed(value: unknown): value is KnownSeed {
  const { seed, addedAt } = (value ?? {}) as Partial<KnownSeed>;
  return typeof seed === "string" && typeof addedAt === "string" && isTries(value as Partial<KnownSeed>);
}

function isTries(value: Partial<Tries> | null): boolean {
  const { tries, failures, recent } = value ?? {};
  return typeof tries === "number" && typeof failures === "number" && /^[x.]*$/.test(recent ?? "?");
}

function unreadable(path: string, cause: unknown): NmzError {
  return new NmzError("NMZ_SEEDS_READ", `cannot read ${path}: ${messageOf(cause)}`, {
    hint: "mend it, or move it away to begin a new one",
    cause,
  });
}
