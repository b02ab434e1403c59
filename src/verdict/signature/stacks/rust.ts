import type { Frame, StackLanguage } from "./stack.js";

// "   3: queue::Queue::take" and below it "             at ./src/queue.rs:12:5"
const frameLine = /^\s+\d+:\s+(?:0x[0-9a-f]+ - )?(\S.*)$/;
const foreign =
  /^(?:<[^>]* as (?:std|core|alloc)::|<?(?:std|core|alloc|test|tokio|futures\w*)::|rust_begin_unwind|_+rust|_*start$|main$|__libc|clone|start_thread|<unknown>)/;

/** Rust's backtrace, RUST_BACKTRACE=1. */
export const rust: StackLanguage = {
  name: "rust",
  isInnermostLast: false,
  prefersLast: false,
  startsStack: (line) =>
    line.startsWith("stack backtrace:") || /^thread '.*' (?:\(\d+\) )?panicked at/.test(line),
  frameAt(lines, at): Frame | undefined {
    const match = frameLine.exec(lines[at] ?? "");
    if (match === null || !/::|^\s+\d+:\s+\w+$/.test(lines[at] ?? "")) return undefined;
    const name = (match[1] ?? "").replace(/::h[0-9a-f]{16}$/, "");
    const isOfRust = (lines[at + 1] ?? "").includes("/rustc/");
    return { text: name, isOwn: !isOfRust && !foreign.test(name) };
  },
};
