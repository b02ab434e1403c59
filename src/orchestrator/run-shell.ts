import { spawn } from "node:child_process";

/** Carries out a ShellAction without waiting for it; a command that fails is told of. */
export function runShell(command: string, say: (line: string) => void): void {
  const child = spawn("sh", ["-c", command], { stdio: "ignore" });
  child.on("error", (error) => say(`shellActionCommand "${command}": ${error.message}`));
  child.on("exit", (code, signal) => {
    if (code !== 0) say(`shellActionCommand "${command}" ended with ${signal ?? `exit code ${code}`}`);
  });
}
