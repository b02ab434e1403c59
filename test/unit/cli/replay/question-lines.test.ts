import { describe, expect, it } from "vitest";
import { QuestionLines } from "../../../../src/cli/replay/question-lines.js";

function linesOn(terminal: { readonly isTTY?: boolean; readonly columns?: number }) {
  const written: string[] = [];
  const sink = { ...terminal, write: (text: string) => written.push(text) };
  return { lines: new QuestionLines(sink as never), written };
}

const asked = { question: "with 1 of 2 decisions", failures: 1, trials: 2, runs: 22 };

describe("QuestionLines", () => {
  it("writes a line for each question that was answered", () => {
    const { lines, written } = linesOn({});
    lines.tell(asked);
    lines.tell({ ...asked, runs: 23, answer: "no" });
    lines.close();
    expect(written).toEqual(["nmzc: run 23: with 1 of 2 decisions: 1 of 2 failed: fails too seldom\n"]);
  });

  it("rewrites the line on a terminal, and cuts it before it would wrap", () => {
    const { lines, written } = linesOn({ isTTY: true, columns: 40 });
    lines.tell(asked);
    expect(written).toEqual(["\rnmzc: run 22: with 1 of 2 decisions: 1…\u001b[K"]);
    lines.tell({ ...asked, answer: "yes" });
    expect(written.at(-1)).toBe("\n");
  });

  it("ends the line of a question that is not answered any more", () => {
    const { lines, written } = linesOn({ isTTY: true });
    lines.tell(asked);
    lines.close();
    lines.close();
    expect(written.length).toBe(2);
    expect(written.at(-1)).toBe("\n");
  });
});
