import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { requires } from "../helpers/requires.js";

requires("root", "docker", "built", "base-image");

const image = "nmzc:test";
const second = "nmzc:test-again";
const base = process.env["NMZC_BASE_IMAGE"] ?? "nmzc/base:latest";
const store = `nmzc-test-images-${process.pid}`;
const workloadName = `nmzc-test-workload-${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), "nmzc-image-"));
const socket = ["-v", "/var/run/docker.sock:/var/run/docker.sock"];
const here = ["-v", `${folder}:${folder}`, "-w", folder];
const text = readFileSync("docs/image.md", "utf8");

/** A command of docs/image.md, with what was built in the place of its images, and names and ports of our own. */
function documented(name: string): string {
  const command = new RegExp(`<!-- command: ${name} -->\n\`\`\`sh\n([^]*?)\`\`\``).exec(text)?.[1];
  if (command === undefined) throw new Error(`docs/image.md has no command ${name}`);
  return command
    .replaceAll(/ nmzc(?= (run|load|orchestrator|--engine))/g, ` ${image}`)
    .replaceAll(/ ubuntu /g, ` ${base} `)
    .replaceAll("nmz-orchestrator", `nmz-orchestrator-${process.pid}`)
    .replaceAll("127.0.0.1:10080:", "127.0.0.1::")
    .replaceAll("nmzc-images:", `${store}:`);
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function sh(command: string): Ended {
  return spawnSync("sh", ["-c", command], { cwd: folder, encoding: "utf8", timeout: 120_000 });
}

function docker(words: readonly string[]): Ended {
  return spawnSync("docker", words, { cwd: folder, encoding: "utf8", timeout: 120_000 });
}

function inspect(name: string, format: string): string {
  return execFileSync("docker", ["inspect", "--format", format, name], { encoding: "utf8" }).trim();
}

function until(isSo: () => boolean): Promise<void> {
  return vi.waitFor(() => expect(isSo()).toBe(true), { timeout: 90_000, interval: 200 });
}

/** Siblings of the image, and the workload. */
function leftContainers(): string {
  const list = (...filters: string[]): string =>
    docker(["ps", "--all", "--quiet", ...filters.flatMap((filter) => ["--filter", filter])]).stdout.trim();
  return list("label=nmzc.outer", `ancestor=${image}`) + list(`name=${workloadName}`);
}

function leftMounts(): string[] {
  return readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .filter((line) => line.includes(folder));
}

beforeAll(() => {
  execFileSync("scripts/image", ["--name", image], { stdio: ["ignore", "inherit", "inherit"] });
  writeFileSync(join(folder, "greeting"), "hello\n");
}, 600_000);

afterAll(() => {
  docker(["volume", "rm", "--force", store]);
  docker(["rmi", second]);
  rmSync(folder, { recursive: true, force: true });
});

describe("the image", () => {
  it("has the same layers when it is built again", () => {
    const how = process.env["NMZC_TEST_REBUILD"] === undefined ? "--again" : "--no-cache";
    execFileSync("scripts/image", ["--name", second, how], { stdio: ["ignore", "inherit", "inherit"] });
    const layers = "{{json .RootFS.Layers}}";
    expect(inspect(second, layers)).toBe(inspect(image, layers));
  }, 600_000);

  it("says which version it is, of which commit", () => {
    const labels = JSON.parse(inspect(image, "{{json .Config.Labels}}")) as Record<string, string>;
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    expect(labels["org.opencontainers.image.version"]).toBe(version);
    expect(labels["org.opencontainers.image.revision"]).toMatch(/^([0-9a-f]{40}|unknown)$/);
    expect(labels["org.opencontainers.image.created"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(docker(["run", "--rm", image, "--version"]).stdout).toBe(`nmzc ${version}\n`);
  });

  it("lists what is inside: Debian's programs, npm's packages, Node; and no optional driver is", () => {
    const read = (path: string): string =>
      docker(["run", "--rm", "--entrypoint", "cat", image, `/usr/share/nmzc/${path}`]).stdout;
    const bom = JSON.parse(read("sbom.cdx.json")) as {
      components: { name: string; purl: string; licenses: unknown }[];
    };
    const names = bom.components.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["iptables", "podman", "node", "koffi", "dockerode", "libc6"]),
    );
    expect(names).not.toContain("nfqueue");
    const rows = read("licences.tsv").trim().split("\n").slice(1);
    expect(rows).toHaveLength(names.length);
    const where = rows
      .map((row) => row.split("\t")[3]!)
      .filter((path) => !path.startsWith("/usr/share/doc/"));
    const missing = 'for path; do [ -e "$path" ] || echo "$path"; done';
    const looked = docker(["run", "--rm", "--entrypoint", "sh", image, "-c", missing, "sh", ...where]);
    expect([looked.status, looked.stdout]).toEqual([0, ""]);
    const ofNpm = bom.components.filter(({ purl }) => purl.startsWith("pkg:npm/"));
    expect(ofNpm.length).toBeGreaterThan(10);
    expect(ofNpm.filter(({ licenses }) => /GPL/.test(JSON.stringify(licenses)))).toEqual([]);
    const modules = docker(["run", "--rm", "--entrypoint", "ls", image, "/usr/local/lib/nmzc/node_modules"]);
    for (const driver of ["nfqueue", "fuse-native", "typescript"])
      expect(modules.stdout).not.toContain(driver);
    const ours = docker([
      "run",
      "--rm",
      "--entrypoint",
      "sh",
      image,
      "-c",
      "find /usr/local /usr/share/nmzc -name '*.pyc' -o -name '.package-lock.json'; grep -c BEGIN /etc/ssl/certs/ca-certificates.crt",
    ]);
    expect(ours.stdout).toMatch(/^\d+\n$/);
  });

  it("is healthy unless it is an orchestrator that does not answer", async () => {
    const [name] = /(?<=--name )\S+/.exec(documented("orchestrator"))!;
    try {
      expect(sh(documented("orchestrator")).status).toBe(0);
      await until(() => docker(["exec", name, "nmzc-health"]).status === 0);
      expect(docker(["exec", name, "id", "-un"]).stdout).toBe("nobody\n");
    } finally {
      docker(["rm", "--force", name]);
    }
    const idle = ["run", "--rm", "--entrypoint"];
    expect(docker([...idle, "nmzc-health", image]).status).toBe(0);
    // "orchestrator" is among the words of its first process, and nothing listens.
    const silent = ["run", "--rm", "-i", "--entrypoint", "sh", image, "-s", "orchestrator"];
    const { stdout } = spawnSync("docker", silent, { input: "nmzc-health; echo $?", encoding: "utf8" });
    expect(stdout).toBe("1\n");
  });
});

describe("nmzc in the image, on the engine of the host", () => {
  it("works as documented, with the socket alone", () => {
    const { status, stdout, stderr } = sh(documented("sibling"));
    expect(stderr).toMatch(/\d+ events \(fs [1-9]/);
    expect([status, stdout]).toEqual([0, "hello\n"]);
  });

  it("works with --privileged, gives the exit code through, and leaves nothing", async () => {
    const hasAll = docker(["run", "--rm", "--privileged", base, "true"]).status === 0;
    const words = ["run", "--rm", ...(hasAll ? ["--privileged"] : []), ...socket, ...here, image];
    const run = ["run", "--rm", "-v", `${folder}:/data`, base, "sh", "-c", "echo made >/data/made; exit 7"];
    expect(docker([...words, ...run]).status).toBe(7);
    expect(readFileSync(join(folder, "made"), "utf8")).toBe("made\n");
    await until(() => leftContainers() === "" && leftMounts().length === 0);
  });

  it("translates paths, shaken or not, and volumes", () => {
    const words = ["run", "--rm", ...socket, "-v", `${folder}:/work`, "-w", "/work", image, "run", "--rm"];
    for (const flags of [[], ["--nmz-disable", "fs"]]) {
      const run = docker([...words, ...flags, "-v", "/work:/data", base, "cat", "/data/greeting"]);
      expect(run.stdout, run.stderr).toBe("hello\n");
    }
    const anonymous = docker([
      ...words,
      "-v",
      "/anonymous",
      base,
      "sh",
      "-c",
      "grep /anonymous /proc/mounts",
    ]);
    expect(anonymous.stdout, anonymous.stderr).toContain("fuse.nmzc");
  });

  it("hands stdin and a terminal through", () => {
    const words = ["run", "--rm", "-i", ...socket, ...here, image, "run", "--rm", "-i", base, "cat"];
    const typed = spawnSync("docker", words, { input: "typed\n", encoding: "utf8", timeout: 60_000 });
    expect(typed.stdout, typed.stderr).toBe("typed\n");
    const inner = `docker run --rm -it ${socket.join(" ")} ${image} run -it --rm ${base} sh -c 'tty; exit 4'`;
    const terminal = spawnSync("script", ["-qec", inner, "/dev/null"], { encoding: "utf8", timeout: 60_000 });
    expect([terminal.status, terminal.stdout]).toEqual([4, expect.stringContaining("/dev/pts/0")]);
  });

  it.each([
    ["stop", ["stop", "--time", "60"], "trap 'exit 5' TERM"],
    ["kill", ["kill"], "trap '' TERM"],
  ])("leaves nothing after docker %s of nmzc's container", async (_, ending, trap) => {
    const outer = `nmzc-test-outer-${process.pid}`;
    const workload = `${trap}; echo ready; while :; do sleep 0.1; done`;
    const run = ["run", "--rm", "--name", workloadName, "-v", `${folder}:/data`, base, "sh", "-c", workload];
    const child = spawn("docker", ["run", "--rm", "--name", outer, ...socket, ...here, image, ...run]);
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (words: string) => {
      said += words;
    });
    const closed = new Promise((resolve) => child.once("close", resolve));
    await until(() => said.includes("ready"));
    expect(leftMounts()).toHaveLength(1);
    expect(docker([...ending, outer]).status).toBe(0);
    await closed;
    await until(() => leftContainers() === "" && leftMounts().length === 0);
  });

  // A step of Jenkins: its plugin keeps the container, which has a terminal, and ends what it started there by its environment.
  it("is no terminal to what has none in it, and has the programs that end such a thing", async () => {
    const outer = `nmzc-test-outer-${process.pid}`;
    const kept = ["run", "-t", "-d", "--rm", "--name", outer, "--entrypoint=", ...socket, ...here];
    expect(docker([...kept, image, "cat"]).status).toBe(0);
    const workload = "trap 'exit 5' TERM; echo ready; while :; do sleep 0.1; done";
    const run = ["nmzc", "run", "--rm", "--name", workloadName, base, "sh", "-c", workload];
    const child = spawn("docker", ["exec", "-e", "COOKIE=of-a-step", outer, ...run]);
    const closed = new Promise((resolve) => child.once("close", resolve));
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (words: string) => {
      said += words;
    });
    await until(() => said.includes("ready"));
    const list = docker(["exec", outer, "ps", "-A", "-o", "pid,command", "e"]).stdout.split("\n");
    const pids = list
      .filter((line) => line.includes("COOKIE=of-a-step"))
      .map((line) => line.trim().split(" ", 1)[0]!);
    expect(docker(["exec", outer, "kill", ...pids]).stderr).toBe("");
    expect([await closed, said]).toEqual([5, "ready\n"]);
    docker(["rm", "--force", outer]);
    await until(() => leftContainers() === "" && leftMounts().length === 0);
  });

  it("repeats what it has recorded, loops, takes results out of the containers, and reports", () => {
    const nmzc = (...words: string[]) => docker(["run", "--rm", ...socket, ...here, image, ...words]);
    writeFileSync(join(folder, "shake.env"), "SAID=loud\nNODE_OPTIONS=--not-for-nmzc\n");
    const suite =
      '<testsuite name="s"><testcase classname="c" name="t"><failure message="m"/></testcase></testsuite>';
    const workload = `mkdir /r; echo '${suite}' >/r/a.xml; echo $SAID; cat /data/greeting; exit 3`;
    const made = nmzc(
      ...["loop", "-n", "1", "--out", "campaign", "--results", "/r/*.xml", "--env-file", "shake.env"],
      ...["-v", `${folder}:/data`, base, "sh", "-c", workload],
    );
    expect(made.status, made.stderr).toBe(1);
    expect(made.stdout).toContain("1  c > t: m");
    const run = join("campaign", "runs", "000000");
    expect(readdirSync(join(folder, run, "results"))).toEqual(["a.xml"]);
    const again = nmzc("replay", run);
    expect([again.status, again.stdout], again.stderr).toEqual([3, "loud\nhello\n"]);
    const page = nmzc("report", "--format", "md", "campaign");
    expect([page.status, page.stdout], page.stderr).toEqual([
      0,
      expect.stringContaining("1 of 1 run failed"),
    ]);
    expect(leftContainers()).toBe("");
  });

  it("refuses what it cannot do, with the flag to add", () => {
    const words = (...flags: string[]) => ["run", "--rm", ...flags, image, "run", "--rm"];
    const refused = (call: readonly string[]): string => {
      const { status, stderr } = docker(call);
      expect(status, stderr).toBe(125);
      return stderr;
    };
    expect(refused([...words(), base, "true"])).toContain("-v /var/run/docker.sock:/var/run/docker.sock");
    expect(refused([...words(...socket), "-v", "/etc/ssl:/x", base, "true"])).toContain(
      "-v /etc/ssl:/etc/ssl",
    );
    expect(refused([...words(...socket), "--nmz-out", "/out", base, "true"])).toContain("-v /out:/out");
    expect(refused([...words(...socket), "-d", base, "true"])).toContain("docker run -d");
    // Said before an engine is asked for.
    for (const [flag, mount] of [
      [["--env-file", "shake.env"], "-v $PWD:$PWD -w $PWD"],
      [["--cidfile", "/ids/cid"], "-v /ids:/ids"],
      [["--nmz-autopilot", "/shake.toml"], "-v /shake.toml:/shake.toml"],
    ] as const) {
      expect(refused([...words(), ...flag, base, "true"])).toContain(mount);
    }
    const missing = refused([...words("--pid", "host", ...socket), base, "true"]);
    for (const flag of ["--network host", "-v /run/nmzc", "-v /sys/fs/cgroup", "--device /dev/fuse"]) {
      expect(missing).toContain(flag);
    }
    expect(docker(["run", "--rm", image, "run", "--help"]).status).toBe(0);
  });
});

describe("nmzc in the image, with the least privilege", () => {
  it("works as documented", () => {
    const { status, stdout, stderr } = sh(documented("direct"));
    expect(stderr).toMatch(/\d+ events \(fs [1-9]/);
    expect([status, stdout]).toEqual([0, "hello\n"]);
  });

  it("says of each capability that is dropped which it is", () => {
    const command = documented("direct");
    const names = [...command.matchAll(/--cap-add (\S+)/g)].map((match) => match[1]!);
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) {
      const { status, stderr } = sh(command.replace(`--cap-add ${name} `, ""));
      expect([status, stderr]).toEqual([125, expect.stringMatching(`CAP_${name}: .*--cap-add ${name}\\b`)]);
    }
  });
});

describe("nmzc in the image, with Podman inside", () => {
  it("works as documented, without an engine", () => {
    const load = sh(documented("load"));
    expect(load.status, load.stderr).toBe(0);
    const { status, stdout, stderr } = sh(documented("embedded"));
    expect([status, stdout], stderr).toEqual([0, "hello\n"]);
    expect(stderr).toMatch(/\d+ events \(fs [1-9]/);
  });
});

it("leaves no run folder of its own", () => {
  const own = readdirSync("/run/nmzc").filter((name) => name.endsWith(".json"));
  const holds = own.filter((name) => readFileSync(join("/run/nmzc", name), "utf8").includes(folder));
  expect(holds).toEqual([]);
});
