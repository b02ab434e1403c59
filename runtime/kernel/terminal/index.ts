/**
 * Terminals, as far as a client of one needs them: their modes (termios(3)), and whether this process is the one that
 * hears their Ctrl-C.
 */
export * from "./foreground.js";
export * from "./terminal-mode.js";
