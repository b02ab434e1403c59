import { withoutColour } from "../plain-text.js";
import { go } from "./stacks/go.js";
import { java } from "./stacks/java.js";
import { javascript } from "./stacks/javascript.js";
import { native } from "./stacks/native.js";
import { python } from "./stacks/python.js";
import { rust } from "./stacks/rust.js";
import type { Frame, StackLanguage } from "./stacks/stack.js";

/** So many frames make a signature: more would tell callers apart that have nothing to do with the failure. */
const topFrames = 3;
const maximumLines = 2000;
const maximumLineLength = 500;

const languages: readonly StackLanguage[] = [java, javascript, python, go, native, rust];

/**
 * The innermost frames of the program's own code, the innermost first; where no frame is its own, of any. Of the language
 * that has the most frames in the text; of its stacks the one that tells most: in Java the last cause, in Python the last exception,
 * elsewhere the first.
 */
export function topFramesOf(text: string): string[] {
  const lines = withoutColour(text)
    .split("\n", maximumLines)
    .map((line) => line.slice(0, maximumLineLength));
  let best: readonly Frame[][] = [];
  let language: StackLanguage | undefined;
  for (const candidate of languages) {
    const stacks = stacksOf(candidate, lines);
    if (count(stacks) <= count(best)) continue;
    best = stacks;
    language = candidate;
  }
  if (language === undefined) return [];
  const ordered = language.prefersLast ? [...best].reverse() : best;
  const stack = ordered.find((frames) => frames.some(({ isOwn }) => isOwn)) ?? ordered[0] ?? [];
  const own = stack.filter(({ isOwn }) => isOwn);
  const names = (own.length > 0 ? own : stack).map(({ text: name }) => name);
  // A recursion is as deep as chance makes it.
  return names.filter((name, i) => name !== names[i - 1]).slice(0, topFrames);
}

function stacksOf(language: StackLanguage, lines: readonly string[]): Frame[][] {
  const stacks: Frame[][] = [[]];
  lines.forEach((line, at) => {
    if (language.startsStack(line) && stacks.at(-1)?.length) stacks.push([]);
    const frame = language.frameAt(lines, at);
    if (frame !== undefined) stacks.at(-1)?.push(frame);
  });
  const found = stacks.filter((frames) => frames.length > 0);
  return language.isInnermostLast ? found.map((frames) => frames.reverse()) : found;
}

function count(stacks: readonly Frame[][]): number {
  return stacks.reduce((sum, frames) => sum + frames.length, 0);
}
