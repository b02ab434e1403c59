import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requires } from "../../helpers/requires.js";
import { type Finished, runNmzc, type StartedNmzc, startNmzc } from "../../helpers/run-nmzc.js";
import { RawHttp } from "./raw-http.js";
import { actionsPath, eventJson, eventPath } from "./rest-rig.js";

requires("built");

let folder: string;
let started: StartedNmzc[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nmz-orchestrator-"));
});
afterEach(async () => {
  for (const { process } of started) process.kill("SIGKILL");
  await Promise.all(started.map(({ finished }) => finished));
  started = [];
  rmSync(folder, { recursive: true });
});

function orchestrate(...args: string[]): StartedNmzc {
  const orchestrator = startNmzc(["orchestrator", ...args], { command: "nmz", cwd: folder });
  started.push(orchestrator);
  return orchestrator;
}

function refused(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
  return runNmzc(["orchestrator", ...args], { command: "nmz", cwd: folder, env: { ...process.env, ...env } });
}

function config(text: string): string {
  const file = join(folder, "config.toml");
  writeFileSync(file, text);
  return file;
}

/** The port of "REST" or "protobuf", once it is open. */
async function portOf({ process, finished }: StartedNmzc, endpoint: string): Promise<number> {
  let text = "";
  return new Promise((resolve, reject) => {
    process.stdout!.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const port = new RegExp(`^nmz: ${endpoint} on (?:http://)?[\\d.]+:(\\d+)`, "m").exec(text)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    finished.then(({ stderr }) => reject(new Error(`ended: ${stderr}`)));
  });
}

async function status(port: number, path: string, headers: readonly string[] = []): Promise<number> {
  const client = await RawHttp.open(port);
  client.send("GET", path, "", headers);
  const reply = await client.reply();
  client.close();
  return reply.status;
}

const holdForAnHour = 'restPort = 0\nexplorePolicy = "dumb"\nexplorePolicyParam.interval = "1h"\n';

describe("nmz orchestrator", () => {
  it("decides for who posts, keeps the trace, and ends with a summary at Ctrl-C", async () => {
    const orchestrator = orchestrate("--rest-port", "0", "--seed", "4f1c", "--nmz-out", "out");
    const port = await portOf(orchestrator, "REST");
    const client = await RawHttp.open(port);
    client.send("GET", actionsPath("e"));
    client.send("POST", eventPath("e", "u"), eventJson("e", "u"));
    expect(JSON.parse((await client.reply()).body)).toMatchObject({ event_uuid: "u" });
    orchestrator.process.kill("SIGINT");
    const { exitCode, stdout, stderr } = await orchestrator.finished;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^nmz: seed 4f1c, policy random\n/);
    expect(stdout).toMatch(
      /\nnmz: seed 4f1c: 1 events \(PacketEvent 1\), [01] delayed\. Faults injected: 0\n$/,
    );
    const [head, action] = readFileSync(join(folder, "out/latest/trace.jsonl"), "utf8").split("\n");
    expect(JSON.parse(head!)).toMatchObject({ nmzTrace: 2, seed: "4f1c" });
    expect(JSON.parse(action!)).toMatchObject({
      action: "EventAcceptanceAction",
      entity: "e",
      event: "PacketEvent",
    });
    expect(JSON.parse(readFileSync(join(folder, "out/latest/run.json"), "utf8"))).toMatchObject({
      nmzRun: 2,
      command: ["nmz", "orchestrator"],
      seed: "4f1c",
      exitCode: 0,
      events: 1,
    });
  });

  it("serves REST and protobuf beside each other, on the ports of its config or of its flags", async () => {
    const orchestrator = orchestrate("--pb-port", "0", config("restPort = 0\npbPort = -1\n"));
    const [rest, protobuf] = await Promise.all([
      portOf(orchestrator, "REST"),
      portOf(orchestrator, "protobuf"),
    ]);
    const call = Buffer.from("1b0000000a04656e743110011800200128013a09080112050a03666f6f4800", "hex");
    const agent = connect(protobuf, "127.0.0.1");
    agent.write(call);
    const reply = await new Promise<Buffer>((resolve) => agent.once("data", resolve));
    agent.destroy();
    expect(reply.toString("hex")).toBe("0400000008011001");
    expect(await status(rest, "/")).toBe(200);
  });

  it("begins disabled where the config says so", async () => {
    const orchestrator = orchestrate(config(`${holdForAnHour}skipInitOrchestrator = true\n`));
    const client = await RawHttp.open(await portOf(orchestrator, "REST"));
    client.send("POST", eventPath("e", "u"), eventJson("e", "u"));
    client.send("GET", actionsPath("e"));
    expect((await client.reply()).status).toBe(200);
    expect(JSON.parse((await client.reply()).body)).toMatchObject({ event_uuid: "u" });
  });

  it("lets in who has the token, from a file or the environment", async () => {
    writeFileSync(join(folder, "token"), "s3cret\n");
    const orchestrator = orchestrate("--listen", "0.0.0.0", "--rest-port", "0", "--token-file", "token");
    const port = await portOf(orchestrator, "REST");
    expect(await status(port, "/")).toBe(401);
    expect(await status(port, "/", ["Authorization: Bearer s3cret"])).toBe(200);
    const env = { ...process.env, NMZ_TOKEN: "other" };
    const second = startNmzc(["orchestrator", "--rest-port", "0"], { command: "nmz", env });
    started.push(second);
    const secondPort = await portOf(second, "REST");
    expect(await status(secondPort, "/", ["Authorization: Bearer s3cret"])).toBe(401);
    expect(await status(secondPort, "/", ["Authorization: Bearer other"])).toBe(200);
  });

  it.each([
    [["--listen", "0.0.0.0"], /will not listen on 0\.0\.0\.0 without a token\nhint: .*--token/],
    [["--rest-port", "-1"], /both ports are off/],
    [["--token-file", "nowhere"], /cannot read the token file: .*nowhere/],
    [
      ["--listen", "192.0.2.1", "--token", "t", "--rest-port", "0"],
      /cannot listen on 192\.0\.2\.1:0: .*\nhint: .*no address of this machine/,
    ],
  ])("refuses %j, and says what to do", async (args, words) => {
    const { exitCode, stdout, stderr } = await refused(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(words);
  });

  it("refuses a config that opens no port, and names it", async () => {
    const { exitCode, stderr } = await refused([config('explorePolicy = "random"\n')]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/both ports are off.*\nhint: set restPort or pbPort in .*config\.toml/);
  });

  it("refuses a port that is in use, opens nothing and leaves no run", async () => {
    const port = await portOf(orchestrate("--rest-port", "0"), "REST");
    const flags = ["--rest-port", String(port), "--pb-port", "0", "--nmz-out", "out"];
    const { exitCode, stdout, stderr } = await refused(flags);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain(`cannot listen on 127.0.0.1:${port}: port ${port} is in use`);
    expect(stderr).toContain("--rest-port");
    expect(readdirSync(join(folder, "out"))).toEqual([]);
  });

  it("answers everything that it holds before it ends, and leaves nobody polling", async () => {
    const orchestrator = orchestrate(config(holdForAnHour));
    const port = await portOf(orchestrator, "REST");
    const [entities, perEntity] = [20, 50];
    const inspectors = await Promise.all(
      Array.from({ length: entities }, async (_, index) => {
        const entity = `e${index}`;
        const client = await RawHttp.open(port);
        for (let number = 0; number < perEntity; number++) {
          client.send("POST", eventPath(entity, `${number}`), eventJson(entity, `${number}`));
        }
        for (let number = 0; number < perEntity; number++) expect((await client.reply()).status).toBe(200);
        client.send("GET", actionsPath(entity));
        return { entity, client };
      }),
    );
    const idle = await RawHttp.open(port);
    idle.send("GET", actionsPath("idle"));
    await pollersAre(port, entities + 1);

    orchestrator.process.kill("SIGTERM");
    const collected = await Promise.all(
      inspectors.map(({ entity, client }) => collect(entity, client, perEntity)),
    );
    expect(collected.flat()).toHaveLength(entities * perEntity);
    expect(new Set(collected[0])).toEqual(
      new Set(Array.from({ length: perEntity }, (_, number) => `${number}`)),
    );
    expect((await idle.reply()).status).toBe(503);
    const { exitCode, stdout } = await orchestrator.finished;
    expect({ exitCode, last: stdout.trimEnd().split("\n").at(-1) }).toEqual({
      exitCode: 0,
      last: expect.stringContaining("1000 events (PacketEvent 1000), 1000 delayed"),
    });
  });

  it("ends soon although nobody fetches what it answered", async () => {
    const orchestrator = orchestrate(config(holdForAnHour));
    const client = await RawHttp.open(await portOf(orchestrator, "REST"));
    client.send("POST", eventPath("e", "u"), eventJson("e", "u"));
    await client.reply();
    orchestrator.process.kill("SIGHUP");
    expect((await orchestrator.finished).exitCode).toBe(0);
  });

  it("ends at once at the second signal", async () => {
    const orchestrator = orchestrate(config(holdForAnHour));
    const port = await portOf(orchestrator, "REST");
    const client = await RawHttp.open(port);
    for (let number = 0; number < 3; number++) {
      client.send("POST", eventPath("e", `${number}`), eventJson("e", `${number}`));
      await client.reply();
    }
    const idle = await RawHttp.open(port);
    idle.send("GET", actionsPath("idle"));
    await pollersAre(port, 1);
    orchestrator.process.kill("SIGINT");
    // The first sign of the end: half a second is left until it is over by itself.
    expect((await idle.reply()).status).toBe(503);
    orchestrator.process.kill("SIGINT");
    const { exitCode, stdout } = await orchestrator.finished;
    expect(exitCode).toBe(130);
    expect(stdout).not.toContain("3 events");
  });
});

async function pollersAre(port: number, count: number): Promise<void> {
  const client = await RawHttp.open(port);
  for (;;) {
    client.send("GET", "/metrics");
    if ((await client.reply()).body.includes(`\nnmz_rest_pollers ${count}\n`)) break;
  }
  client.close();
}

/** Fetches and deletes so many actions; the first GET is under way. */
async function collect(entity: string, client: RawHttp, count: number): Promise<string[]> {
  const causes: string[] = [];
  while (causes.length < count) {
    const { event_uuid: cause, uuid } = JSON.parse((await client.reply()).body);
    causes.push(cause);
    client.send("DELETE", `${actionsPath(entity)}/${uuid}`);
    if (causes.length < count) client.send("GET", actionsPath(entity));
    await client.reply();
  }
  client.close();
  return causes;
}
