import { type Frame, type StackLanguage, shortPath } from "./stack.js";

// gdb: "#1  0x00005 in take (queue=0x1) at queue.c:12"; sanitizers: "    #1 0x5 in take /src/queue.c:12:3", "#1 take queue.c:12 (prog+0x5)"
const frameLine = /^\s*#\d+\s+(?:0x[0-9a-f]+ )?(?:in )?(.+)$/;
// glibc's backtrace_symbols: "./prog(take+0x1d) [0x55]"
const backtraceLine = /^\s*(\S+)\(([\w.$:~]*)\+0x[0-9a-f]+\)\s*\[0x[0-9a-f]+\]$/;
const foreign =
  /^(?:_*(?:GI_)*_*(?:raise|abort|assert\w*|libc_\w+|kill|pthread\w*|memcpy\w*|memmove\w*|memset\w*|strlen\w*|fortify_fail|stack_chk_fail|start_thread|clone3?)|gsignal|_start|operator (?:new|delete)|(?:__interceptor_)?(?:malloc|free|calloc|realloc)|malloc_printerr|_int_(?:free|malloc)|__(?:asan|tsan|ubsan|msan|lsan|sanitizer|interceptor|cxa|cxxabiv1|gnu_cxx)\w*|std::|testing::|main_thread|\?\?)/;
const library = /\/lib(?:32|64)?\/|\/usr\/lib|sysdeps\/|\/libsanitizer\/|compiler-rt|\/build\/(?:glibc|gcc)/;

/** C and C++: gdb, the sanitizers of gcc and clang, glibc. */
export const native: StackLanguage = {
  name: "native",
  isInnermostLast: false,
  prefersLast: false,
  startsStack: (line) =>
    /^\s*#0\s/.test(line) || /^(?:Thread \d+|==\d+==|previously allocated|freed by)/.test(line),
  frameAt(lines, at): Frame | undefined {
    const line = lines[at] ?? "";
    const backtrace = backtraceLine.exec(line);
    if (backtrace !== null) {
      const [, binary = "", name = ""] = backtrace;
      return { text: name || shortPath(binary), isOwn: !library.test(binary) && !foreign.test(name) };
    }
    const rest = frameLine.exec(line)?.[1];
    if (rest === undefined) return undefined;
    const name = functionOf(rest);
    return name === "" ? undefined : { text: name, isOwn: !foreign.test(name) && !library.test(rest) };
  },
};

/** The function's name without arguments, place and library: everything before the first "(" of no template. */
function functionOf(rest: string): string {
  const named = rest.replace(/\(anonymous namespace\)/g, "{anonymous}");
  const beforePlace = named.replace(/ (?:at|from) \S+$/, "").replace(/ \(.*\+0x[0-9a-f]+\).*$/, "");
  const beforeArguments = /^operator\s*\(\)/.test(beforePlace)
    ? "operator()"
    : (beforePlace.split("(", 1)[0] ?? "");
  return beforeArguments
    .replace(/\s+\S*\/\S+$/, "")
    .replace(/\s+\S+:\d+(?::\d+)?$/, "")
    .trim();
}
