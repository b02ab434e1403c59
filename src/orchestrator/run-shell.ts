import { spawn } from "node:child_process";

// A policy may make up a command for each event.
const maxLines = 100;

/** What a ShellAction's command finds around it. */
export interface ShellPlace {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly output: "ignore" | "inherit";
}

/**
 * Carries out ShellActions without waiting for them. A command that fails is told of, each kind of failure once: `random`
 * runs its command again and again.
 */
export function shellRunner(say: (line: string) => void, place?: ShellPlace): (command: string) => void {
  const { output = "ignore", ...where } = place ?? {};
  const said = new Set<string>();
  const sayOnce = (line: string): void => {
    if (said.has(line) || said.size >= maxLines) return;
    said.add(line);
    say(line);
  };
  return (command) => {
    const child = spawn("sh", ["-c", command], { stdio: ["ignore", output, output], ...where });
    child.on("error", (error) => sayOnce(`shellActionCommand "${command}": ${error.message}`));
    child.on("exit", (code, signal) => {
      if (code !== 0) sayOnce(`shellActionCommand "${command}" ended with ${signal ?? `exit code ${code}`}`);
    });
  };
}
