import { type Frame, type StackLanguage, shortPath } from "./stack.js";

const tracebackLine = /^\s*(?:\|\s*)?File "([^"]+)", line \d+(?:, in (.+))?$/;
// pytest: "tests/test_a.py:12: AssertionError", "tests/test_a.py:12: in take", "tests/test_a.py:12: "
const pytestLine = /^([\w./\\-]+\.py):\d+: ?(?:in (\S+)|[\w.]*)$/;
const definition = /^[ >]*(?:async )?def (\w+)\(/;
const foreign =
  /(?:site-packages|dist-packages|lib\/python\d|<frozen |<string>|<stdin>|\/_pytest\/|\/pluggy\/|\/unittest\/)/;

/** CPython's traceback, and pytest's long and short styles. */
export const python: StackLanguage = {
  name: "python",
  isInnermostLast: true,
  prefersLast: true,
  startsStack: (line) =>
    line.includes("Traceback (most recent call last)") ||
    /^(?:The above exception|During handling)/.test(line),
  frameAt(lines, at): Frame | undefined {
    const line = lines[at] ?? "";
    const match = tracebackLine.exec(line) ?? pytestLine.exec(line);
    if (match === null) return undefined;
    const [, path = "", told] = match;
    const name = told ?? definitionAbove(lines, at);
    return {
      text: name === undefined ? shortPath(path) : `${shortPath(path)} in ${name}`,
      isOwn: !foreign.test(path),
    };
  },
};

/** pytest's long style quotes the function from its `def` on, and has the place below. */
function definitionAbove(lines: readonly string[], at: number): string | undefined {
  for (let above = at - 1; above >= 0 && above > at - 200; above--) {
    const line = lines[above] ?? "";
    const name = definition.exec(line)?.[1];
    if (name !== undefined) return name;
    if (pytestLine.test(line)) return undefined;
  }
  return undefined;
}
