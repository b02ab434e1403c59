/** The modes of a terminal: termios(3), as far as a terminal's client needs them. */
export * from "./terminal-mode.js";
