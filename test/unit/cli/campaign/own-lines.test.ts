import { describe, expect, it } from "vitest";
import { OwnLines } from "../../../../src/cli/campaign/own-lines.js";

function part(chunks: readonly string[]): { ours: string; theirs: string } {
  const found = { ours: "", theirs: "" };
  const lines = new OwnLines(
    (line) => {
      found.ours += line.toString();
    },
    (chunk) => {
      found.theirs += chunk.toString();
    },
  );
  for (const chunk of chunks) lines.add(Buffer.from(chunk));
  lines.end();
  return found;
}

const text = "nmzc: seed 4f\nnm\nerror: nmzc: no\nnmz: x\nnmzc is a word\n\nthe end";
const parted = {
  ours: "nmzc: seed 4f\nnmz: x\n",
  theirs: "nm\nerror: nmzc: no\nnmzc is a word\n\nthe end",
};

describe("OwnLines", () => {
  it.each([1, 2, 3, 5, 1000])("parts our lines from the workload's, in chunks of %i bytes", (size) => {
    const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
      text.slice(i * size, (i + 1) * size),
    );
    expect(part(chunks)).toEqual(parted);
  });

  it("hands a prompt on that ends in no newline, once it cannot become ours", () => {
    const seen: string[] = [];
    const lines = new OwnLines(
      () => {},
      (chunk) => void seen.push(chunk.toString()),
    );
    lines.add(Buffer.from("nmz"));
    expect(seen).toEqual([]);
    lines.add(Buffer.from("? "));
    lines.add(Buffer.from("nmzc: still that line\n"));
    expect(seen.join("")).toBe("nmz? nmzc: still that line\n");
  });

  it.each([
    [["\x1b[0mnmzc: seed 0123456789abcdef: 3 events\nnmzc: x\n"]],
    [["\x1b[0m", "nmzc: seed 0123456789abcdef: 3 events\n", "nmzc: x\n"]],
  ])("finds a run's last words behind a line of the workload's that has no end", (chunks) => {
    expect(part(chunks)).toEqual({
      ours: "nmzc: seed 0123456789abcdef: 3 events\nnmzc: x\n",
      theirs: "\x1b[0m",
    });
  });

  it("holds a line of ours back until it is whole, and gives what there is at the end", () => {
    expect(part(["nmzc: half of", " a line"])).toEqual({ ours: "nmzc: half of a line", theirs: "" });
  });
});
