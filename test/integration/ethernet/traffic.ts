import { execFile } from "node:child_process";

/** Runs a program of test/fixtures/packets inside a namespace and gives what it printed, as JSON. */
export function traffic<T>(netns: string, program: string, ...args: (string | number)[]): Promise<T> {
  const path = new URL(`../../fixtures/packets/${program}.mjs`, import.meta.url).pathname;
  const command = ["netns", "exec", netns, process.execPath, path, ...args.map(String)];
  return new Promise((resolve, reject) => {
    execFile("ip", command, { timeout: 30_000 }, (error, stdout, stderr) => {
      if (error !== null) reject(new Error(`${program}: ${stderr || error.message}`));
      else resolve(JSON.parse(stdout) as T);
    });
  });
}
