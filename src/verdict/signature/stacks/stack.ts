/** One frame of a stack, as it counts. */
export interface Frame {
  /** Without line numbers, arguments and addresses: `org.example.Queue.take`, `src/queue.py in take`. */
  readonly text: string;
  /** Of the program, and not of its language's library, test runner or a package that it uses. */
  readonly isOwn: boolean;
}

/** What a line of a text is to the stacks of one language. */
export interface StackLanguage {
  readonly name: string;
  /** The frame in these lines, the first of which is `lines[at]`. */
  frameAt(lines: readonly string[], at: number): Frame | undefined;
  /** Whether frames before and after this line belong to different stacks (or to causes of an exception). */
  startsStack(line: string): boolean;
  /** Python's frames go from the outermost to the innermost. */
  readonly isInnermostLast: boolean;
  /** Which of several stacks tells most: the root cause comes last in Java and Python, first elsewhere. */
  readonly prefersLast: boolean;
}

/** Names that many files have; the folder tells them apart. */
const commonNames = /^(?:index|main|mod|lib|utils?|__init__|__main__)\.\w+$/;

/** The end of a path that is the same in every checkout: the file's name. */
export function shortPath(path: string): string {
  const parts = path
    .replace(/^file:\/\//, "")
    .split(/[\\/]/)
    .filter((part) => part !== "" && part !== "." && part !== "..");
  return parts.slice(commonNames.test(parts.at(-1) ?? "") ? -2 : -1).join("/");
}
