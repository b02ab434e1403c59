import { execFileSync } from "node:child_process";
import { accessSync, closeSync, constants, existsSync, openSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter } from "node:path";
import { TestRunner } from "vitest";

/** A word of `requires`: answers what is missing, or undefined when it is there. */
type Check = () => string | undefined;

/** Programs that a test may call; scripts/test installs the package of each. */
const tools =
  `bash cargo chromium chrt curl debootstrap docker-registry ethtool fio fish gcc getfacl getfattr git ip ip6tables
  iptables iptables-save javac logger make mvn node npm nsenter openssl ovs-vsctl ovs-vswitchd ovsdb-server
  ovsdb-tool perl podman ps python3 redis-check-rdb redis-cli rsyslogd script setfacl setfattr ssh-keygen stress-ng tar taskset tmux unshare zsh`.split(
    /\s+/,
  );

const packages = ["nfqueue", "fuse-native", "node-pty", "zeromq"];

const checks: Record<string, Check> = {
  root: () => (process.getuid?.() === 0 ? undefined : "not root"),
  docker: () => (commandWorks("docker", ["version"]) ? undefined : "no container engine answers"),
  fuse: () => (canOpen("/dev/fuse") ? undefined : "/dev/fuse cannot be opened"),
  nfqueue: () => packetQueue("iptables"),
  "nfqueue-v6": () => packetQueue("ip6tables"),
  netns: () => (existsSync("/proc/self/ns/net") ? undefined : "no network namespaces"),
  "proc-events": () =>
    fileHas("/proc/net/connector", /^cn_proc\b/m) ? undefined : "no process events (CONFIG_PROC_EVENTS)",
  "cgroup-v1": () => (!hasUnifiedCgroup() ? undefined : "cgroup v2"),
  "cgroup-v2": () => (hasUnifiedCgroup() ? undefined : "cgroup v1"),
  ipv6: () => (existsSync("/proc/sys/net/ipv6") ? undefined : "no IPv6"),
  built: () => (existsSync("dist/bin") ? undefined : "not built: npm run build"),
  "base-image": () =>
    commandWorks("docker", ["image", "inspect", baseImage])
      ? undefined
      : `no image ${baseImage}: scripts/base-image`,
  ...Object.fromEntries(tools.map((tool) => [tool, () => (isOnPath(tool) ? undefined : `no ${tool}`)])),
  ...Object.fromEntries(packages.map((name) => [`package:${name}`, () => packageLoads(name)])),
};

/** Which engine the tests of test/e2e run on; scripts/test sets it and DOCKER_HOST. */
export const testEngine = process.env["NMZC_TEST_ENGINE"] === "podman" ? "podman" : "docker";

/** The image that integration and e2e tests run: Debian with bash, coreutils and perl-base; made by scripts/base-image. */
export const baseImage = process.env["NMZC_BASE_IMAGE"] ?? "nmzc/base:latest";

/** How the engine lists it: the difference "names" of runtime/engine/engine-differences.ts. */
export const listedBaseImage = testEngine === "podman" ? `localhost/${baseImage}` : baseImage;

/**
 * First line of a test file: what the machine must have for it. Without it the file's tests are skipped, and the
 * reason is printed; where CI is set they fail instead, because a skipped test there would be a test that nobody
 * runs. An unknown word is a mistake in the test.
 */
export function requires(...words: string[]): void {
  const missing: string[] = [];
  for (const word of words) {
    const check = checks[word];
    if (check === undefined) throw new Error(`requires: unknown word ${JSON.stringify(word)}`);
    const lack = check();
    if (lack !== undefined) missing.push(lack);
  }
  if (missing.length === 0) return;
  if (process.env["CI"]) throw new Error(`this machine lacks what the test requires: ${missing.join(", ")}`);
  process.stderr.write(`skipped: ${missing.join(", ")}\n`);
  // Suites and tests inherit the options of the file's own suite, which is the current one at the top level.
  const { options } = TestRunner.getCurrentSuite() as unknown as { options: { skip?: boolean } };
  options.skip = true;
}

function isOnPath(tool: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => isExecutable(`${folder}/${tool}`));
}

function packageLoads(name: string): string | undefined {
  try {
    createRequire(import.meta.url)(name);
    return undefined;
  } catch (error) {
    return `package ${name} does not load: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`;
  }
}

function commandWorks(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore", timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

/** Tried in a network namespace that is gone again with the command. */
function packetQueue(tables: string): string | undefined {
  const rule = [tables, "-A", "OUTPUT", "-j", "NFQUEUE", "--queue-num", "1"];
  return commandWorks("unshare", ["-n", ...rule]) ? undefined : `${tables} has no NFQUEUE target`;
}

function canOpen(path: string): boolean {
  try {
    closeSync(openSync(path, "r+"));
    return true;
  } catch {
    return false;
  }
}

function fileHas(path: string, pattern: RegExp): boolean {
  try {
    return pattern.test(readFileSync(path, "utf8"));
  } catch {
    return false;
  }
}

function hasUnifiedCgroup(): boolean {
  return existsSync("/sys/fs/cgroup/cgroup.controllers");
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
