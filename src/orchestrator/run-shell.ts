import { spawn } from "node:child_process";

// A policy may make up a command for each event.
const maxLines = 100;

/**
 * Carries out ShellActions without waiting for them. A command that fails is told of, each kind of failure once: `random`
 * runs its command again and again.
 */
export function shellRunner(say: (line: string) => void): (command: string) => void {
  const said = new Set<string>();
  const sayOnce = (line: string): void => {
    if (said.has(line) || said.size >= maxLines) return;
    said.add(line);
    say(line);
  };
  return (command) => {
    const child = spawn("sh", ["-c", command], { stdio: "ignore" });
    child.on("error", (error) => sayOnce(`shellActionCommand "${command}": ${error.message}`));
    child.on("exit", (code, signal) => {
      if (code !== 0) sayOnce(`shellActionCommand "${command}" ended with ${signal ?? `exit code ${code}`}`);
    });
  };
}
