import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { requires } from "../../helpers/requires.js";
import { type LogRig, patience, run, startLogs } from "./log-rig.js";

requires("root", "logger", "rsyslogd");

const folder = mkdtempSync(join(tmpdir(), "nmzt-rsyslog-"));
const socket = join(folder, "log.sock");

/** Three ways out of one daemon, told apart by who logged. */
const ways = [
  { app: "udp3164", options: 'protocol="udp" template="RSYSLOG_TraditionalForwardFormat"' },
  {
    app: "tcp5424",
    options: 'protocol="tcp" tcp_framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format"',
  },
  { app: "tcpiso", options: 'protocol="tcp" template="RSYSLOG_ForwardFormat"' },
];

function config({ udpPort, tcpPort }: LogRig["inspector"]): string {
  return [
    `global(workDirectory="${folder}")`,
    'module(load="imuxsock" SysSock.Use="off")',
    `input(type="imuxsock" Socket="${socket}")`,
    ...ways.map(({ app, options }) => {
      const port = options.includes('"udp"') ? udpPort : tcpPort;
      return `if $programname == "${app}" then action(type="omfwd" target="127.0.0.1" port="${port}" ${options})`;
    }),
    "",
  ].join("\n");
}

let logs: LogRig;
let daemon: ChildProcess;

beforeAll(async () => {
  logs = await startLogs();
  const file = join(folder, "rsyslog.conf");
  writeFileSync(file, config(logs.inspector));
  daemon = spawn("rsyslogd", ["-n", "-f", file, "-i", join(folder, "pid")], { stdio: "inherit" });
  await vi.waitFor(() => expect(existsSync(socket)).toBe(true), patience);
});

afterAll(async () => {
  const ended = new Promise((resolve) => daemon?.once("exit", resolve));
  if (daemon?.kill() === true) await ended;
  await logs?.undo.unwind();
  rmSync(folder, { recursive: true, force: true });
});

describe("syslog from rsyslogd", () => {
  it.each([
    ["udp3164", "rfc3164"],
    ["tcp5424", "rfc5424"],
    ["tcpiso", "rfc3164"],
  ])("is read when it forwards as %s", async (app, format) => {
    const text = `said by ${app}: größer`;
    await run("logger", ["--socket", socket, "--tag", app, "-p", "daemon.warning", "--id=99", "--", text]);
    expect(await logs.line(text)).toMatchObject({
      format,
      facility: "daemon",
      severity: "warning",
      app,
      procid: "99",
      message: text,
    });
  });
});
