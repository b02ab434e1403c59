import fs from "node:fs";
import type { Reply } from "./library.js";

/** The descriptors open on the folder behind and on files in it. libfuse hands the number back with each operation on the file. */
export class OpenFiles {
  readonly #fds = new Set<number>();

  /** `root` is the folder behind itself. */
  constructor(root: number) {
    this.#fds.add(root);
  }

  /** Takes the result of an `open`, remembers the descriptor, and answers with it. */
  opened(reply: Reply<number>): (error: NodeJS.ErrnoException | null, fd?: number) => void {
    return (error, fd) => {
      if (error !== null) return reply(error.errno ?? -5);
      this.#fds.add(fd!);
      reply(0, fd!);
    };
  }

  close(fd: number, next: () => void): void {
    if (this.#fds.delete(fd)) fs.close(fd, next);
    else next();
  }

  /** Closes what a mount that ended under its users left open. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.#fds].map((fd) => new Promise<void>((next) => this.close(fd, next))));
  }
}
