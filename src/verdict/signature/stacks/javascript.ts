import { type Frame, type StackLanguage, shortPath } from "./stack.js";

// "    at async Queue.take (file:///src/queue.js:12:3)", "    at /src/queue.js:12:3", "    at new Queue (queue.js:1:2)"
const v8Line =
  /^\s*at (?:(?:async )?(.+?) \()?((?:file:\/\/|node:|[A-Za-z]:)?[^\s():]+):\d+(?::\d+)?\)?(?: \{)?$/;
// vitest: " ❯ take src/queue.ts:12:3", " ❯ test/queue.test.ts:3:1"
const vitestLine = /^\s*❯ (?:(\S+) )?([^\s:]+):\d+:\d+$/;
const foreign = /(?:node_modules|^native$|^<anonymous>$)/;
// What the event loop happens to run a callback from.
const eventLoop = /^(?:node:|internal\/)/;
const isOtherLanguage = /\.(?:java|kt|scala|groovy|rs|go|py|c|cc|cpp|h|cs|rb)$/;

/** V8's stacks (Node, Chromium, Bun), and vitest's own way to print them. */
export const javascript: StackLanguage = {
  name: "javascript",
  isInnermostLast: false,
  prefersLast: false,
  startsStack: (line) => /^\s*(?:\[cause\]|cause|Caused by): /.test(line),
  frameAt(lines, at): Frame | undefined {
    const line = lines[at] ?? "";
    const match = v8Line.exec(line) ?? vitestLine.exec(line);
    if (match === null) return undefined;
    const [, name, path = ""] = match;
    if (isOtherLanguage.test(path) || eventLoop.test(path)) return undefined;
    const isNamed = name !== undefined && !/<anonymous>|^\s*$/.test(name);
    return {
      text: isNamed ? `${shortPath(path)} ${plainName(name)}` : shortPath(path),
      isOwn: !foreign.test(path),
    };
  },
};

/** "new Queue", "Object.take [as run]", "async take" are the same function. */
function plainName(name: string): string {
  return name.replace(/^(?:async|new) /, "").replace(/ \[as .*\]$/, "");
}
