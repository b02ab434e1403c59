import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { RunRequest } from "../../../../src/container/run-request.js";
import { NmzError } from "../../../../src/util/index.js";
import { type FakeOptions, runCli } from "../fake-context.js";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function run(line: string, options: FakeOptions = {}) {
  const requests: RunRequest[] = [];
  const runContainer = async (request: RunRequest): Promise<number> => {
    requests.push(request);
    return 42;
  };
  const finished = await runCli(line.split(" "), { ...options, services: { runContainer } });
  return { ...finished, requests };
}

describe("nmzc run", () => {
  it.each(["nmzc run", "nmzc container run", "nmz container run"])(
    "is the same command as `%s`",
    async (path) => {
      const { exitCode, requests, stderr } = await run(`${path} --rm --name x img ls -l`);
      expect({ exitCode, stderr }).toEqual({ exitCode: 42, stderr: "" });
      expect(requests).toHaveLength(1);
      expect(requests[0]).toMatchObject({
        name: "x",
        removeAtEnd: true,
        body: { Image: "img", Cmd: ["ls", "-l"] },
      });
    },
  );

  it("passes an image that begins with a dash after --, and words that look like flags", async () => {
    const { requests } = await run("nmzc run -- -img -- --rm");
    expect(requests[0]?.body).toMatchObject({ Image: "-img", Cmd: ["--", "--rm"] });
  });

  it("runs nothing when a flag is wrong", async () => {
    const { exitCode, requests } = await run("nmzc run --rm --bogus img");
    expect({ exitCode, requests }).toEqual({ exitCode: 125, requests: [] });
  });

  it("refuses -it without a terminal with docker's words and exit code, but not with -d", async () => {
    const refused = await run("nmzc run -it img");
    expect(refused).toMatchObject({ exitCode: 1, requests: [] });
    expect(refused.stderr).toContain("the input device is not a TTY");
    expect((await run("nmzc run -it img", { stdinIsTty: true })).exitCode).toBe(42);
    expect((await run("nmzc run -itd img")).exitCode).toBe(42);
    expect((await run("nmzc run -t img")).exitCode).toBe(42);
  });

  it("takes the detach keys of the docker config, and the flag before them", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nmzt-cli-"));
    folders.push(folder);
    writeFileSync(join(folder, "config.json"), '{"detachKeys":"ctrl-x"}');
    const env = { DOCKER_CONFIG: folder };
    expect((await run("nmzc run img", { env })).requests[0]?.detachKeys).toEqual([24]);
    expect((await run("nmzc run --detach-keys ctrl-a img", { env })).requests[0]?.detachKeys).toEqual([1]);
  });

  it("gives the workload the proxies of the docker config, unless -e says otherwise", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nmzt-cli-"));
    folders.push(folder);
    const proxies = {
      default: { httpProxy: "http://proxy:1", noProxy: "" },
      "unix:///other": { httpProxy: "http://other:2" },
    };
    writeFileSync(join(folder, "config.json"), JSON.stringify({ proxies }));
    const envOf = async (line: string, more: Record<string, string> = {}) =>
      (await run(line, { env: { DOCKER_CONFIG: folder, ...more } })).requests[0]?.body.Env;
    expect(await envOf("nmzc run -e A=1 img")).toEqual([
      "A=1",
      "HTTP_PROXY=http://proxy:1",
      "http_proxy=http://proxy:1",
    ]);
    expect(await envOf("nmzc run -e HTTP_PROXY=x img")).toEqual([
      "HTTP_PROXY=x",
      "http_proxy=http://proxy:1",
    ]);
    expect(await envOf("nmzc run -e HTTP_PROXY=x -e http_proxy= img")).toEqual([
      "HTTP_PROXY=x",
      "http_proxy=",
    ]);
    expect(await envOf("nmzc run img", { DOCKER_HOST: "unix:///other" })).toEqual([
      "HTTP_PROXY=http://other:2",
      "http_proxy=http://other:2",
    ]);
  });

  it("reads files from the folder that it was called in", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nmzt-cli-"));
    folders.push(folder);
    writeFileSync(join(folder, "vars"), "A=1\n");
    const { requests } = await run("nmzc run --env-file vars -v .:/src img", { cwd: folder });
    expect(requests[0]).toMatchObject({
      body: { Env: ["A=1"] },
      volumes: [{ source: folder, target: "/src" }],
    });
  });

  it("exits with what the failure of the run says", async () => {
    const runContainer = async (): Promise<number> => {
      throw new NmzError("NMZ_TEST", "command not found: foo", { exitCode: 127 });
    };
    const { exitCode, stderr } = await runCli(["nmzc", "run", "img", "foo"], { services: { runContainer } });
    expect({ exitCode, stderr }).toEqual({ exitCode: 127, stderr: "nmzc: command not found: foo\n" });
  });
});
