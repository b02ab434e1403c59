/**
 * What compilers add to what people wrote, which JaCoCo does not count: methods of enums and records, the closing of resources,
 * copies of finally blocks, and the like. Each filter knows one pattern of javac's; those for Kotlin and Eclipse's compiler
 * are missing, so classes of theirs count a little more here than in JaCoCo's own report.
 */
import type { ClassFile, Method } from "../class-file/class-file.js";
import { FilterOutput } from "../jacoco/filter-output.js";
import { mergeFinallyCopies } from "./finally-copies.js";
import {
  ignoreAssertions,
  ignoreMonitorExits,
  ignoreNeedlessDefaults,
  ignorePatternFailures,
  ignoreStringHashes,
} from "./generated-code.js";
import { ignoreResourceClosing } from "./try-with-resources.js";
import { isGenerated } from "./whole-methods.js";

export function filterMethod(method: Method, owner: ClassFile): FilterOutput {
  const output = new FilterOutput();
  if (isGenerated(method, owner)) output.ignore(0, method.instructions.length - 1);
  ignoreMonitorExits(method, output);
  ignoreResourceClosing(method, output);
  mergeFinallyCopies(method, output);
  ignoreAssertions(method, owner, output);
  ignoreStringHashes(method, output);
  ignoreNeedlessDefaults(method, output);
  ignorePatternFailures(method, output);
  return output;
}
