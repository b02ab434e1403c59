import { describe, expect, it } from "vitest";
import type { SyslogRequest } from "../../../../../src/standalone/index.js";
import { runCli } from "../../fake-context.js";

async function requestOf(...words: string[]): Promise<SyslogRequest> {
  let request: SyslogRequest | undefined;
  const inspectSyslog = async (given: SyslogRequest) => {
    request = given;
    return 0;
  };
  const { exitCode, stderr } = await runCli(["nmz", "inspectors", "syslog", ...words], {
    services: { inspectSyslog },
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return request!;
}

describe("nmz inspectors syslog", () => {
  it("listens on loopback, on the port of Namazu's inspector and by its name", async () => {
    expect(await requestOf()).toMatchObject({
      host: "127.0.0.1",
      udpPort: 10514,
      tcpPort: 10514,
      entity: "_namazu_syslog_inspector",
      wire: { orchestratorUrl: "local://" },
    });
  });

  it("takes flags with one dash or two", async () => {
    const words = ["-listen", "::1", "--udp-port=0", "-tcp-port", "-1", "-entity-id", "logs"];
    expect(await requestOf(...words)).toMatchObject({
      host: "::1",
      udpPort: 0,
      tcpPort: undefined,
      entity: "logs",
    });
  });

  it.each([
    [["--udp-port", "-1", "--tcp-port", "-1"], /neither a UDP nor a TCP port/],
    [["--udp-port", "65536"], /above 65535/],
    [["--listen", ""], /must not be empty/],
  ])("refuses %j", async (words, message) => {
    const { exitCode, stderr } = await runCli(["nmz", "inspectors", "syslog", ...words]);
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(message);
  });
});
