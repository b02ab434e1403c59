import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const installer = fileURLToPath(new URL("install", import.meta.url));

/** The Python that has ryu, hookswitch and pyzmq; installs them when they are not there yet. See `install --help`. */
export function pythonWithHookSwitch(): string {
  const folder = execFileSync(installer, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim();
  return `${folder}/venv/bin/python`;
}

export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/hookswitch/${name}`, import.meta.url));
}
