import { launchOnTerminal } from "../../../runtime/kernel/index.js";
import { enterRawMode, withoutBlocking } from "../../terminal/index.js";
import type { StandaloneIo } from "../run-inspector.js";
import type { CommandSession, CommandStart } from "./start-command.js";

/**
 * The command on a terminal of its own, with ours as its window: every key goes to it as a byte (Ctrl-C too), its output
 * comes back as it is, and its size follows ours. Our terminal is put back on every way out. Throws TerminalAbsentError.
 */
export async function startOnTerminal(
  { words, cwd, env, through }: CommandStart,
  { stdin, stdout }: StandaloneIo,
): Promise<CommandSession> {
  const screen = withoutBlocking(stdout);
  const size = () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 });
  const launched = await launchOnTerminal(words, {
    cwd,
    env,
    through,
    ...size(),
    onOutput: (bytes) => {
      if (!screen.write(bytes)) launched.pause();
    },
  });
  screen.on("drain", () => launched.resume());
  // Our terminal is gone: what the command still writes is for nobody.
  screen.on("error", () => launched.resume());
  const onResize = (): void => {
    const { columns, rows } = size();
    launched.resize(columns, rows);
  };
  const onKeys = (bytes: Buffer): void => launched.write(bytes);
  let restore = (): void => {};
  return {
    launched,
    connect() {
      const restoreMode = enterRawMode(stdin);
      stdin.on("data", onKeys);
      stdin.on("error", () => {}); // a terminal that was closed answers reads with EIO
      stdout.on("resize", onResize);
      onResize();
      restore = () => {
        stdout.off("resize", onResize);
        stdin.off("data", onKeys);
        stdin.pause();
        restoreMode();
      };
    },
    async finish() {
      await written(screen);
      restore();
    },
  };
}

/** Resolves when all that was given to the screen is out, or cannot be. */
function written(screen: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => {
    screen.once("error", () => resolve());
    screen.write("", () => resolve());
  });
}
