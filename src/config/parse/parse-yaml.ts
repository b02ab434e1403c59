import { createRequire } from "node:module";
import type * as Yaml from "yaml";
import { messageOf } from "../../util/index.js";
import type { KeyPath } from "../key-table.js";
import { ConfigSyntaxError, type ParsedFile } from "./parsed-file.js";
import { Positions } from "./positions.js";

// Loaded when a YAML file is read: it takes 30 ms, a fifth of what a whole run may cost more than docker's.
const loadYaml = (): typeof Yaml => createRequire(import.meta.url)("yaml");

/** One YAML 1.2 document, with merge keys. */
export function parseYaml(text: string): ParsedFile {
  const { LineCounter, parseDocument } = loadYaml();
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, merge: true, logLevel: "error" });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    // It quotes the text: an escape that ends in a newline would break the message in two.
    throw new ConfigSyntaxError(error.message.replace(/\s+/g, " ").trim(), line, col);
  }
  const positions = new Positions();
  notePositions(document.contents, [], positions, (offset) => lineCounter.linePos(offset).line);
  try {
    return { data: document.toJS() ?? {}, positions };
  } catch (thrown) {
    throw new ConfigSyntaxError(messageOf(thrown), 1, 1); // too many aliases, or one without an anchor
  }
}

function notePositions(
  node: unknown,
  path: KeyPath,
  positions: Positions,
  lineAt: (offset: number) => number,
): void {
  const { isMap, isScalar, isSeq } = loadYaml();
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue;
      const at = [...path, String(key.value)];
      if (key.range) positions.set(at, lineAt(key.range[0]));
      notePositions(value, at, positions, lineAt);
    }
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const range = (item as { range?: readonly number[] | null } | null)?.range;
      if (range) positions.set([...path, index], lineAt(range[0]!));
      notePositions(item, [...path, index], positions, lineAt);
    }
  }
}
