import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { javaAgentFiles } from "../../../runtime/agents/java/index.js";
import { type Endpoint, startProtobufEndpoint } from "../../../src/endpoint/index.js";
import { requestType } from "../../../src/endpoint/protobuf/messages.js";
import { replyFrame } from "../../../src/endpoint/protobuf/reply.js";
import { requires } from "../../helpers/requires.js";
import { Jvm, type JvmOptions, originalScript, Programs } from "./jvm.js";
import { RecordingControl } from "./recording-control.js";

requires("javac");

let programs: Programs;
const jvms: Jvm[] = [];
const endpoints: Endpoint[] = [];
const servers: Server[] = [];

beforeAll(() => {
  programs = new Programs();
});
afterAll(() => programs.remove());
afterEach(async () => {
  for (const jvm of jvms.splice(0)) jvm.kill();
  for (const endpoint of endpoints.splice(0)) await endpoint.close();
  for (const server of servers.splice(0)) server.close();
});

function run(options: JvmOptions): Jvm {
  const jvm = new Jvm(programs.folder, options);
  jvms.push(jvm);
  return jvm;
}

async function serve(control: RecordingControl, port = 0): Promise<Endpoint> {
  const endpoint = await startProtobufEndpoint({
    control,
    port,
    onWarning: (line) => {
      throw new Error(line);
    },
  });
  endpoints.push(endpoint);
  return endpoint;
}

/** A port that nobody listens on. */
async function deadPort(): Promise<number> {
  const { port, close } = await startProtobufEndpoint({
    control: new RecordingControl(),
    onWarning: () => {},
  });
  await close();
  return port;
}

const lines = (text: string): string[] => text.split("\n").filter((line) => line.startsWith("nmz-java:"));

describe("functions=", () => {
  it("has each call and each return of a named function wait for its answer", async () => {
    const control = new RecordingControl();
    const { address } = await serve(control);
    const jvm = run({ agent: `functions=Steps#step(String);endpoint=${address}`, main: "Steps" });
    await jvm.step("one");
    expect(await jvm.end()).toBe(0);
    expect(control.calls).toEqual(["call Steps#step", "return Steps#step"]);
    expect(control.events[0]?.toJSON()).toMatchObject({
      class: "JavaFunctionEvent",
      type: "event",
      entity: "java-Steps",
      option: { thread_name: "main", params: {} },
    });
    expect(jvm.stderr).toBe("");
    expect(jvm.stdout).toBe("did one\nthe end\n");
  });

  it("knows overloads, inner classes, constructors, interfaces, lambdas and static initialisers", async () => {
    const control = new RecordingControl();
    const { address } = await serve(control);
    const functions = [
      "Shapes#overloaded@call",
      "Shapes$Square#*@call",
      "Shapes$Square#<init>@return",
      "Shapes$Shape#area@return",
      "Shapes#lambda$main$0@call",
      "Shapes#fails",
      "Shapes#missing",
    ];
    const jvm = run({ agent: `functions=${functions.join(",")},endpoint=${address}`, main: "Shapes" });
    expect(await jvm.end()).toBe(0);
    expect(control.calls).toEqual([
      "call Shapes#overloaded",
      "return Shapes$Square#<init>",
      "call Shapes$Square#area",
      "return Shapes$Shape#area",
      "call Shapes$Square#compareTo", // once: its bridge method is the compiler's
      "call Shapes#lambda$main$0",
      "call Shapes#overloaded",
      "call Shapes#fails", // it never returns
    ]);
    expect(lines(jvm.stderr)).toEqual([expect.stringContaining("Shapes has no method missing")]);
  });

  it("reports functions of classes whose loader sees nothing else", async () => {
    const control = new RecordingControl();
    const { address } = await serve(control);
    const jvm = run({
      agent: `functions=Threads#*@call;endpoint=${address}`,
      main: "Isolated",
      arguments: [programs.folder],
    });
    expect(await jvm.end()).toBe(0);
    expect(jvm.stdout).toBe("did 800\n");
    expect(control.events).toHaveLength(801);
  });

  it("has eight threads wait at the same time, each for its own answer", async () => {
    let turn = 0;
    const control = new RecordingControl(() => (turn++ % 7) % 4);
    const { address } = await serve(control);
    const jvm = run({ agent: `functions=Threads#work@return;endpoint=${address}`, main: "Threads" });
    expect(await jvm.end()).toBe(0);
    expect(jvm.stdout).toBe("did 800\n");
    expect(control.events).toHaveLength(800);
    expect(control.mostWaiting).toBeGreaterThan(1);
    expect(new Set(control.events.map(({ call }) => call.threadName)).size).toBe(8);
    expect(jvm.stderr).toBe("");
  });

  it("holds the thread back until the answer comes, and leaves its interrupt in place", async () => {
    const control = new RecordingControl(() => 20);
    const { address } = await serve(control);
    const jvm = run({ agent: `functions=Steps#step@call,endpoint=${address}`, main: "Steps" });
    jvm.send("interrupted step");
    await jvm.says("did interrupted step, interrupted: true");
    expect(await jvm.end()).toBe(0);
    expect(control.calls).toEqual(["call Steps#step"]);
  });

  it("finds the endpoint in a file that is written later", async () => {
    const control = new RecordingControl();
    const file = join(programs.folder, "endpoint");
    const jvm = run({ agent: `functions=Steps#step@call,endpointFile=${file},entity=me`, main: "Steps" });
    jvm.send("early");
    const { port } = await serve(control);
    writeFileSync(file, `${port}\n`);
    await jvm.says("did early");
    expect(await jvm.end()).toBe(0);
    rmSync(file);
    expect(control.events.map(({ entity }) => entity)).toEqual(["me"]);
  });

  it("takes the first options where the agent is given twice, and says so", async () => {
    const control = new RecordingControl();
    const { address } = await serve(control);
    const { agent } = javaAgentFiles();
    const jvm = run({
      agent: "functions=Steps#main",
      main: "Steps",
      env: { JAVA_TOOL_OPTIONS: `-javaagent:${agent}=functions=Steps#step@call,endpoint=${address}` },
    });
    await jvm.step("one");
    expect(await jvm.end()).toBe(0);
    expect(control.calls).toEqual(["call Steps#step"]);
    expect(lines(jvm.stderr)).toEqual([
      expect.stringContaining("these options do nothing: functions=Steps#main"),
    ]);
  });

  it("works from a folder with blanks and signs in its name, and says when Byteman is not beside it", async () => {
    const folder = join(programs.folder, "a 100% #1");
    mkdirSync(folder);
    const { agent, byteman } = javaAgentFiles();
    const copy = join(folder, "nmz-java.jar");
    copyFileSync(agent, copy);
    const without = run({ jvm: [`-javaagent:${copy}=functions=Steps#step`], main: "Steps" });
    await without.step("one");
    expect(await without.end()).toBe(0);
    expect(lines(without.stderr)).toEqual([
      expect.stringContaining("byteman.jar must lie beside nmz-java.jar"),
    ]);
    copyFileSync(byteman, join(folder, "byteman.jar"));
    const control = new RecordingControl();
    const { address } = await serve(control);
    const jvm = run({
      jvm: [`-javaagent:${copy}=functions=Steps#step@call;endpoint=${address}`],
      main: "Steps",
    });
    await jvm.step("one");
    expect(await jvm.end()).toBe(0);
    expect(control.calls).toEqual(["call Steps#step"]);
  });

  it("says what it does not understand, and goes on without it", async () => {
    const agent = "functions=Steps,speed=3,timeout=soon,endpoint=nowhere";
    const jvm = run({ agent, main: "Steps" });
    await jvm.step("one");
    expect(await jvm.end()).toBe(0);
    expect(lines(jvm.stderr)).toEqual([
      expect.stringContaining('"Steps" is not Class#method'),
      expect.stringContaining('"speed" is not known'),
      expect.stringContaining("timeout=soon"),
      expect.stringContaining("endpoint=nowhere"),
    ]);
  });
});

describe("examples/java-functions", () => {
  it("has its calls reported by the pattern that its README gives", async () => {
    const source = "examples/java-functions/WordCount.java";
    execFileSync("javac", ["--release", "8", "-Xlint:-options", "-d", programs.folder, source], {
      stdio: "pipe",
    });
    const readme = readFileSync("examples/java-functions/README.md", "utf8");
    const functions = /nmz-java\.jar=(functions=\S+)/.exec(readme)?.[1];
    const control = new RecordingControl();
    const { address } = await serve(control);
    const jvm = run({ agent: `${functions};endpoint=${address}`, main: "WordCount" });
    await jvm.end(); // whatever it has counted
    expect(control.calls).toEqual(Array.from({ length: 13 }, () => "call WordCount#write"));
  });
});

describe("an orchestrator that is not there", () => {
  it("is asked for once, and the program runs as it would alone", async () => {
    const port = await deadPort();
    const jvm = run({ agent: `functions=Threads#work,endpoint=localhost:${port}`, main: "Threads" });
    expect(await jvm.end()).toBe(0);
    expect(jvm.stdout).toBe("did 800\n");
    expect(lines(jvm.stderr)).toEqual([expect.stringContaining(`no orchestrator at localhost:${port}`)]);
  });

  it("that dies is left behind at once, also by a thread that waits for it, and found again when it is back", async () => {
    const control = new RecordingControl();
    const first = await serve(control);
    const jvm = run({
      agent: `functions=Steps#step@call,endpoint=${first.address},timeout=10m`,
      main: "Steps",
    });
    await jvm.step("one");
    control.isHolding = true;
    jvm.send("two");
    await vi.waitFor(() => expect(control.events).toHaveLength(2), { timeout: 30_000 });
    await first.close();
    await jvm.says("did two");
    await jvm.step("three");
    expect(control.events).toHaveLength(2);
    control.isHolding = false;
    await serve(control, first.port);
    let turn = 0;
    await vi.waitFor(
      async () => {
        await jvm.step(`again ${turn++}`);
        expect(control.events.length).toBeGreaterThan(2);
      },
      { timeout: 30_000, interval: 20 },
    );
    expect(await jvm.end()).toBe(0);
    expect(lines(jvm.stderr).filter((line) => line.includes("is gone"))).toHaveLength(1);
  });

  it("that is silent is waited for no longer than the timeout, once, and then no more", async () => {
    const control = new RecordingControl();
    control.isHolding = true;
    const { address } = await serve(control);
    const jvm = run({ agent: `functions=Steps#step@call,endpoint=${address},timeout=2s`, main: "Steps" });
    await jvm.step("one");
    await jvm.step("two");
    expect(await jvm.end()).toBe(0);
    expect(lines(jvm.stderr)).toEqual([expect.stringContaining("not answered for 2000 ms")]);
  });

  /** Answers the greeting with ACK and all else with `bytes`. */
  function answering(bytes: Buffer): Promise<{ port: number; requests: () => number }> {
    let requests = 0;
    const server = createServer((socket: Socket) => {
      let isGreeted = false;
      socket.on("error", () => {});
      socket.on("data", () => {
        if (isGreeted) requests += 1;
        socket.write(isGreeted ? bytes : replyFrame("ack", { msgId: 0, gaMsgId: undefined }));
        isGreeted = true;
      });
    });
    servers.push(server);
    return new Promise((resolve) =>
      server.listen(0, "127.0.0.1", () =>
        resolve({ port: (server.address() as { port: number }).port, requests: () => requests }),
      ),
    );
  }

  it("that says END is asked nothing more", async () => {
    const { port, requests } = await answering(replyFrame("end", { msgId: 1, gaMsgId: undefined }));
    const jvm = run({ agent: `functions=Steps#step@call,endpoint=${port},timeout=10m`, main: "Steps" });
    await jvm.step("one");
    await jvm.step("two");
    expect(await jvm.end()).toBe(0);
    expect(requests()).toBe(1);
    expect(jvm.stderr).toBe("");
  });

  it.each([
    ["ERROR", replyFrame("error", { msgId: 1, gaMsgId: undefined }), "could not read an event"],
    ["a frame of 4 GB", Buffer.from("ffffffff", "hex"), "a reply of 4294967295 bytes"],
    ["nonsense", Buffer.from("02000000ff0f", "hex"), "wire type"],
  ])("that answers with %s never ends the JVM", async (_what, bytes, said) => {
    const { port } = await answering(bytes);
    const jvm = run({ agent: `functions=Steps#step@call,endpoint=${port},timeout=10m`, main: "Steps" });
    await jvm.step("one");
    expect(await jvm.end()).toBe(0);
    expect(lines(jvm.stderr)[0]).toContain(said);
  });
});

describe("rules and environment of Namazu's own agent", () => {
  const env = (port: number, more: Record<string, string> = {}): Record<string, string> => ({
    NMZ_ENV_ENTITY_ID: "original",
    NMZ_GA_TCP_PORT: String(port),
    ...more,
  });
  const agent = `script:${originalScript}`;

  it("are taken as they are: all eight helper calls, arguments, class filters, the end", async () => {
    const control = new RecordingControl();
    const { port } = await serve(control);
    const jvm = run({ agent, main: "Steps", env: env(port, { NMZ_MODE_DIRECT: "1" }) });
    await jvm.step("plain");
    expect(control.events.splice(0).map((event) => event.toJSON())).toEqual([
      expect.objectContaining({
        entity: "original",
        option: { function_event_type: "call", function_name: "step", params: {}, thread_name: "main" },
      }),
    ]);
    await jvm.step("arguments");
    expect(control.events.splice(0)[0]?.call.parameters).toEqual({
      name: "arguments",
      none: "null",
      rude: "<toString: java.lang.IllegalStateException>",
    });
    await jvm.step("return");
    expect(control.calls).toEqual(["return step", "return step"]);
    control.events.length = 0;
    await jvm.step("filter, not within Outer");
    expect(control.calls).toEqual([]);
    await jvm.step("outer filter");
    expect(control.calls).toEqual(["call one", "call two", "return three", "return four"]);
    control.events.length = 0;
    await jvm.step("stop");
    await jvm.step("plain again");
    expect(await jvm.end()).toBe(0);
    expect(control.calls).toEqual([]);
    expect(jvm.stderr).toBe("");
  });

  it("send what Namazu's server can read: stack trace, counts and field 9", async () => {
    const requests: Record<string, unknown>[] = [];
    const server = createServer((socket) =>
      socket.on("data", (chunk) => {
        const request = requestType.toObject(requestType.decode((chunk as Buffer).subarray(4)));
        requests.push(request);
        socket.write(replyFrame("ack", { msgId: request["msgId"], gaMsgId: undefined }));
      }),
    );
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const jvm = run({ agent, main: "Steps", env: env(port) });
    await jvm.step("plain");
    expect(await jvm.end()).toBe(0);
    expect(requests[0]).toMatchObject({ entityId: "original", type: 2, msgId: 0, hasJavaSpecificFields: 0 });
    expect(requests[1]).toMatchObject({
      ...{ entityId: "original", type: 1, msgId: 1, hasJavaSpecificFields: 1 },
      event: { type: 1, funcCall: { name: "step" } },
      javaSpecificFields: {
        threadName: "main",
        nrStackTraceElements: 2,
        stackTraceElements: [
          { className: "Steps", methodName: "step", fileName: "Steps.java" },
          { className: "Steps", methodName: "main" },
        ],
        nrParams: 0,
      },
    });
  });

  it("NMZ_NO_INITIATION greets nobody", async () => {
    const control = new RecordingControl();
    const onInitiation = vi.fn();
    const endpoint = await startProtobufEndpoint({ control, onWarning: () => {}, onInitiation });
    endpoints.push(endpoint);
    const jvm = run({ agent, main: "Steps", env: env(endpoint.port, { NMZ_NO_INITIATION: "1" }) });
    await jvm.step("plain");
    expect(await jvm.end()).toBe(0);
    expect(control.calls).toEqual(["call step"]);
    expect(onInitiation).not.toHaveBeenCalled();
  });

  it("NMZ_DISABLE reports nothing, NMZ_DRYRUN only says it", async () => {
    const control = new RecordingControl();
    const { port } = await serve(control);
    const disabled = run({ agent, main: "Steps", env: env(port, { NMZ_DISABLE: "" }) });
    const dry = run({ agent, main: "Steps", env: env(port, { NMZ_DRYRUN: "1" }) });
    for (const jvm of [disabled, dry]) {
      await jvm.step("plain");
      expect(await jvm.end()).toBe(0);
    }
    expect(control.calls).toEqual([]);
    expect(disabled.stderr).toBe("");
    expect(lines(dry.stderr)).toEqual(["nmz-java: call step {} (dry run)"]);
  });
});

describe("the Java API", () => {
  it("reports without Byteman, with the jar on the class path only", async () => {
    const control = new RecordingControl();
    const { address } = await serve(control);
    const jvm = run({
      main: "ApiCaller",
      isAgentOnClassPath: true,
      jvm: [`-Dnmz.java=endpoint=${address};entity=api-user`],
    });
    expect(await jvm.end()).toBe(0);
    expect(control.calls).toEqual(["call api", "return api"]);
    expect(control.events[0]).toMatchObject({ entity: "api-user", call: { parameters: { size: "3" } } });
  });
});

describe("the agent's encoder", () => {
  it("writes the same bytes as protobufjs", async () => {
    const jvm = run({ main: "net.osrg.namazu.agent.WirePrinter", isAgentOnClassPath: true });
    expect(await jvm.end()).toBe(0);
    const frames = jvm.stdout.trim().split("\n");
    expect(frames).toHaveLength(4);
    const decoded = frames.map((hex) => {
      const frame = Buffer.from(hex, "hex");
      expect(frame.readUInt32LE(0)).toBe(frame.length - 4);
      const message = requestType.decode(frame.subarray(4));
      expect(Buffer.from(requestType.encode(message).finish()).toString("hex")).toBe(hex.slice(8));
      return requestType.toObject(message);
    });
    expect(decoded).toMatchObject([
      {
        entityId: "entité 😀",
        type: 2,
        pid: -5,
        tid: expect.any(Number),
        msgId: 0,
        initiation: { entityId: "entité 😀" },
      },
      { type: 1, msgId: 2147483647, event: { type: 3, exit: { exitCode: 0 } }, hasJavaSpecificFields: 0 },
      {
        msgId: 300,
        event: { type: 1, funcCall: { name: "Foo#bar" } },
        hasJavaSpecificFields: 1,
        javaSpecificFields: {
          ...{ threadName: "main", nrStackTraceElements: 2, nrParams: 2 },
          stackTraceElements: [
            { fileName: "Foo.java", className: "com.example.Foo", methodName: "bar", lineNumber: 12 },
            { fileName: "<no file name>", methodName: "<init>", lineNumber: -2 },
          ],
          params: [
            { name: "a", value: "" },
            { name: "größe", value: "x".repeat(300) },
          ],
        },
      },
      { msgId: 1, event: { type: 2, funcReturn: { name: "" } }, javaSpecificFields: { threadName: "" } },
    ]);
  });
});
