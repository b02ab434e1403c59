import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import type { Attachment, Engine, ExecRequest } from "../../../../runtime/engine/index.js";
import { EngineError } from "../../../../runtime/engine/index.js";
import { unixTime } from "../../../../src/cli/container/logs.js";
import { container, fakeEngine, runCli } from "../fake-context.js";

const web = container();
const foreign = container({ name: "foreign", id: "f".repeat(64), labels: {} });
const ended = container({
  name: "ended",
  id: "e".repeat(64),
  state: "exited",
  status: "Exited (1) 2 minutes ago",
  createdSeconds: web.createdSeconds + 60,
});
const all = [web, foreign, ended];

function cli(line: string, more: Partial<Engine> = {}) {
  return runCli(["nmzc", ...line.split(" ")], {
    services: { openEngine: async () => fakeEngine(all, more) },
  });
}

/** An attachment whose streams are already written. */
function attachment(stdout: string, stderr = ""): Attachment {
  const stream = (text: string): PassThrough => {
    const through = new PassThrough();
    through.end(text);
    return through;
  };
  return {
    stdout: stream(stdout),
    stderr: stream(stderr),
    stdin: undefined,
    done: Promise.resolve(),
    close: () => {},
  };
}

describe("nmzc ps", () => {
  it("lists the running containers of nmzc's own, with seed and time", async () => {
    const { stdout, exitCode } = await cli("ps");
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        "CONTAINER ID   IMAGE       COMMAND                  STATUS             UPTIME   PORTS                NAMES   SEED",
        '0123456789ab   debian:12   "sh -c \'sleep 1000; …"   Up About an hour   1h02m    0.0.0.0:80->80/tcp   web     4f1c',
        "",
      ].join("\n"),
    );
  });

  it("lists those that ended too with -a, the newest first", async () => {
    const { stdout } = await cli("ps -a -q");
    expect(stdout).toBe("eeeeeeeeeeee\n0123456789ab\n");
  });

  it("prints whole IDs and commands with --no-trunc", async () => {
    const { stdout } = await cli("ps --no-trunc");
    expect(stdout).toContain(web.id);
    expect(stdout).toContain(web.command);
  });

  it("prints one JSON object a line", async () => {
    const { stdout } = await cli("ps -a --format json");
    const rows = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows.map(({ Names, Seed, Run, Uptime }) => [Names, Seed, Run, Uptime])).toEqual([
      ["ended", "4f1c", "run-1", ""],
      ["web", "4f1c", "run-1", "1h02m"],
    ]);
  });
});

describe("a command for one container", () => {
  it.each(["logs", "stop"])("%s refuses a container that nmzc did not make", async (command) => {
    expect(await cli(`${command} foreign`)).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "nmzc: container foreign was not made by nmzc\nhint: use docker for it\n",
    });
  });

  it.each(["logs nobody", "stop nobody", "exec nobody true"])(
    "%s names a container that is not there",
    async (line) => {
      const { exitCode, stderr } = await cli(line);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/^nmzc: no such container: nobody\nhint: 'nmzc ps -a'/);
    },
  );
});

describe("nmzc logs", () => {
  it("keeps stdout and stderr apart and hands the options on", async () => {
    const seen: unknown[] = [];
    const containerLogs: Engine["containerLogs"] = async (id, options) => {
      seen.push(id, options);
      return attachment("out\n", "err\n");
    };
    const { exitCode, stdout, stderr } = await cli(
      "logs -f web -n 5 -t --since 1700000000 --until 2026-01-02T03:04:05Z",
      {
        containerLogs,
      },
    );
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: "out\n", stderr: "err\n" });
    expect(seen).toEqual([
      web.id,
      { follow: true, tail: "5", timestamps: true, since: "1700000000", until: "1767323045.000000000" },
    ]);
  });

  it.each([
    ["42m", "997480.000000000"],
    ["1h30m", "994600.000000000"],
    ["1700000000.5", "1700000000.5"],
    ["1970-01-02T00:00:00Z", "86400.000000000"],
  ])("reads the time %s", (text, seconds) => {
    expect(unixTime(text, 1_000_000_000)).toBe(seconds);
  });

  it("refuses a time that is none, and a tail that is none", async () => {
    expect((await cli("logs --since yesterday web")).exitCode).toBe(125);
    expect((await cli("logs --tail some web")).exitCode).toBe(125);
  });
});

describe("nmzc stop", () => {
  it("stops several at once with the time and signal asked for, and prints the names", async () => {
    const stops: unknown[] = [];
    const stopContainer: Engine["stopContainer"] = async (...args) => {
      stops.push(args);
    };
    const { exitCode, stdout } = await cli("stop -t 3 -s SIGINT web 0123", { stopContainer });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "web\n0123\n" });
    expect(stops).toEqual([
      [web.id, 3, "SIGINT"],
      [web.id, 3, "SIGINT"],
    ]);
  });

  it("stops the others when one fails, and exits with 1", async () => {
    const stopContainer: Engine["stopContainer"] = async (id) => {
      if (id === ended.id) throw new EngineError("cannot stop it");
    };
    const { exitCode, stdout, stderr } = await cli("stop ended foreign web", { stopContainer });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "web\n" });
    expect(stderr).toContain("cannot stop it");
    expect(stderr).toContain("container foreign was not made by nmzc");
  });
});

describe("nmzc exec", () => {
  function exec(line: string, exitCode = 7) {
    const requests: ExecRequest[] = [];
    const more: Partial<Engine> = {
      exec: async (_, request) => {
        requests.push(request);
        return {
          attachment: request.detach ? undefined : attachment("hello\n"),
          resize: async () => {},
          exitCode: async () => exitCode,
        };
      },
    };
    return cli(line, more).then((finished) => ({ ...finished, requests }));
  }

  it("runs a command with its flags and exits with its code", async () => {
    const { exitCode, stdout, requests } = await exec(
      "exec -i -e A=1 -w /src -u 1000 --privileged web ls -l --rm",
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: "hello\n" });
    expect(requests).toEqual([
      {
        command: ["ls", "-l", "--rm"],
        env: ["A=1"],
        user: "1000",
        workdir: "/src",
        privileged: true,
        detach: false,
        stdin: true,
        tty: false,
        detachKeys: [16, 17],
      },
    ]);
  });

  it("returns at once with -d", async () => {
    const { exitCode, stdout, requests } = await exec("exec -d web sleep 100");
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
    expect(requests[0]?.detach).toBe(true);
  });

  it("needs a terminal for -it, a command, and a container that runs", async () => {
    expect(await exec("exec -it web sh")).toMatchObject({ exitCode: 1, requests: [] });
    expect(await exec("exec web")).toMatchObject({ exitCode: 1, requests: [] });
    const stopped = await exec("exec ended true");
    expect(stopped).toMatchObject({ exitCode: 1, requests: [] });
    expect(stopped.stderr).toContain("container ended is not running: Exited (1) 2 minutes ago");
  });
});

describe("nmzc prune", () => {
  it("is what src/container does, with its exit code", async () => {
    const prune = async (): Promise<number> => 1;
    expect((await runCli(["nmz", "container", "prune"], { services: { prune } })).exitCode).toBe(1);
  });
});
