import { describe, expect, it } from "vitest";
import { humanSize, progressBar } from "../../../src/container/pull/progress-bar.js";
import { ProgressDisplay } from "../../../src/container/pull/progress-display.js";

/** As much of a terminal as progress needs: cursor up and down, clear the line, return, new line. */
class Screen {
  readonly isTTY = true;
  readonly columns: number;
  readonly lines: string[] = [""];
  #row = 0;
  #column = 0;

  constructor(columns: number) {
    this.columns = columns;
  }

  write(text: string): void {
    const [plain = "", ...escaped] = text.split("\u001b[");
    this.#print(plain);
    for (const part of escaped) {
      const [sequence = "", digits, command] = /^(\d*)([ABK])/.exec(part) ?? [];
      const rows = Number(digits);
      if (command === "A") this.#row = Math.max(0, this.#row - rows);
      if (command === "B") this.#row = Math.min(this.lines.length - 1, this.#row + rows);
      if (command === "K") this.lines[this.#row] = "";
      this.#print(part.slice(sequence.length));
    }
  }

  #print(text: string): void {
    for (const character of text) {
      if (character === "\r" || character === "\n") this.#column = 0;
      if (character === "\n") {
        this.#row += 1;
        this.lines[this.#row] ??= "";
      }
      if (character === "\r" || character === "\n") continue;
      const line = (this.lines[this.#row] ?? "").padEnd(this.#column);
      this.lines[this.#row] = line.slice(0, this.#column) + character + line.slice(this.#column + 1);
      this.#column += 1;
    }
  }
}

const step = (id: string | undefined, status: string, currentBytes?: number, totalBytes?: number) => ({
  id,
  status,
  currentBytes,
  totalBytes,
});

describe("ProgressDisplay", () => {
  it("redraws each layer in its own line on a terminal", () => {
    const screen = new Screen(120);
    const display = new ProgressDisplay(screen, "latest", "library/ubuntu");
    display.show(step("latest", "Pulling from library/ubuntu"));
    display.show(step("aaa", "Pulling fs layer"));
    display.show(step("bbb", "Pulling fs layer"));
    display.show(step("aaa", "Downloading", 1_234_567, 3_400_000));
    display.show(step("bbb", "Pull complete"));
    display.show(step("aaa", "Pull complete"));
    display.show(step("bbb", "Downloading", 1_700_000, 3_400_000));
    display.show(step(undefined, "Digest: sha256:1"));
    display.show(step(undefined, "Status: done"));
    expect(screen.lines.map((line) => line.trimEnd())).toEqual([
      "latest: Pulling from library/ubuntu",
      "aaa: Pull complete",
      `bbb: Downloading [${"=".repeat(25)}>${" ".repeat(25)}]    1.7MB/3.4MB`,
      "Digest: sha256:1",
      "Status: done",
      "",
    ]);
  });

  it("leaves alone what has left the screen at its top", () => {
    const screen = Object.assign(new Screen(60), { rows: 3 });
    const display = new ProgressDisplay(screen, "latest", "library/ubuntu");
    display.show(step("latest", "Pulling from library/ubuntu"));
    for (const id of ["aaa", "bbb", "ccc"]) display.show(step(id, "Waiting"));
    display.show(step("aaa", "Pull complete"));
    display.show(step("bbb", "Pull complete"));
    expect(screen.lines.map((line) => line.trimEnd())).toEqual([
      "latest: Pulling from library/ubuntu",
      "aaa: Waiting",
      "bbb: Pull complete",
      "ccc: Waiting",
      "",
    ]);
  });

  it("never lets a line wrap, because a wrapped line cannot be redrawn", () => {
    const screen = new Screen(20);
    const display = new ProgressDisplay(screen, "latest", "library/ubuntu");
    display.show(step("v1", "Pulling from a"));
    display.show(step("aaa", "Downloading", 1_700_000, 3_400_000));
    expect(Math.max(...screen.lines.map((line) => line.length))).toBeLessThan(20);
  });
});

describe("progressBar", () => {
  it("leaves the bar out where it would not fit, and everything where no size is known", () => {
    expect(progressBar(step("a", "Downloading", 1_700_000, 3_400_000), 80)).toBe("   1.7MB/3.4MB");
    expect(progressBar(step("a", "Extracting"), 200)).toBe("");
    expect(progressBar(step("a", "Downloading", 500), 200)).toBe("    500B");
  });
});

describe("humanSize", () => {
  it.each([
    [0, "0B"],
    [999, "999B"],
    [1000, "1kB"],
    [1_234_567, "1.235MB"],
    [29_530_000, "29.53MB"],
    [5_000_000_000, "5GB"],
  ])("writes %i as go-units does", (bytes, text) => {
    expect(humanSize(bytes)).toBe(text);
  });
});
