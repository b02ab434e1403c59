import { hostname } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requires } from "../../helpers/requires.js";
import { type LogRig, run, startLogs } from "./log-rig.js";

requires("logger");

let logs: LogRig;
beforeAll(async () => {
  logs = await startLogs();
});
afterAll(async () => {
  await logs.undo.unwind();
});

const transports = ["--udp", "--tcp", "--tcp --octet-count"];

/** util-linux's logger, to the inspector. */
function logger(transport: string, ...words: string[]): Promise<unknown> {
  const port = transport.startsWith("--udp") ? logs.inspector.udpPort : logs.inspector.tcpPort;
  const where = ["--server", "127.0.0.1", "--port", String(port), ...transport.split(" ")];
  return run("logger", [...where, ...words], { timeout: 20_000 });
}

describe("syslog from logger(1)", () => {
  it.each(transports)("reads RFC 5424 over %s with all its parts", async (transport) => {
    const text = `disk full, over ${transport}`;
    const data = ["--msgid", "ID47", "--sd-id", "a@32473", "--sd-param", 'x="1"', "--sd-param", 'y="a b"'];
    await logger(
      transport,
      "--rfc5424",
      "--tag",
      "app",
      "-p",
      "daemon.err",
      "--id=4711",
      ...data,
      "--",
      text,
    );
    expect(await logs.line(text)).toMatchObject({
      format: "rfc5424",
      facility: "daemon",
      severity: "err",
      priority: 27,
      hostname: hostname(),
      app: "app",
      procid: "4711",
      msgid: "ID47",
      structured_data: { "a@32473": { x: "1", y: "a b" } },
      message: text,
      src_entity: expect.stringMatching(/^entity-127\.0\.0\.1:\d+$/),
    });
  });

  it.each(transports)("reads RFC 3164 over %s", async (transport) => {
    const text = `old, over ${transport}`;
    await logger(transport, "--rfc3164", "--tag", "app", "-p", "local3.notice", "--id=12", "--", text);
    expect(await logs.line(text)).toMatchObject({
      format: "rfc3164",
      facility: "local3",
      severity: "notice",
      hostname: hostname().split(".")[0],
      app: "app",
      procid: "12",
      message: text,
    });
  });

  it("takes many lines of one connection apart", async () => {
    const lines = Array.from({ length: 200 }, (_, index) => `many ${index} of 200`);
    const child = logger("--tcp", "--tag", "many") as Promise<unknown> & {
      child: { stdin: NodeJS.WritableStream };
    };
    child.child.stdin.end(`${lines.join("\n")}\n`);
    await child;
    await logs.line("many 199 of 200");
    const came = logs.lines.filter(({ app }) => app === "many").map(({ message }) => message);
    expect(came).toEqual(lines);
  });
});
