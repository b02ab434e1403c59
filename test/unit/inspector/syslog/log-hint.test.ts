import { describe, expect, it } from "vitest";
import { logHint } from "../../../../src/inspector/syslog/log-hint.js";
import { parseSyslog } from "../../../../src/inspector/syslog/parse-syslog.js";

const hint = (line: string) => logHint(parseSyslog(line));

describe("logHint", () => {
  it("is equal for lines that differ in time, process id, address, port and host", () => {
    const one = hint("<30>Nov 23 06:49:22 web-1 sshd[4711]: Connection from 10.0.0.1 port 51234 took 12ms");
    const two = hint("<30>Nov 24 16:09:02 f00dcafe sshd[9]: Connection from 10.99.0.17 port 999 took 3ms");
    expect(one).toBe("syslog:daemon.info:sshd::Connection from # port # took #");
    expect(two).toBe(one);
  });

  it.each([
    ["at 2026-11-23T06:49:22.123Z by 7", "at # by #"],
    ["Mon Nov 23 06:49:22 2026: up", "# # #: up"],
    ["id 6c84fb90-12c4-11e1-840d-7b25c5ee775a gone", "id # gone"],
    ["ptr 0x7ffd1234 in [4711]", "ptr # in [#]"],
    ["node1 leads eth0", "node1 leads eth0"],
    ["deadbeef01", "#"],
    ["facade", "facade"],
  ])("of %j says %j", (message, expected) => {
    expect(hint(message)).toBe(`syslog:.:::${expected}`);
  });

  it("tells severity, program and message id apart", () => {
    const lines = ["<27>a: x", "<30>a: x", "<30>b: x", "<30>1 - - a - ID1 - x", "<30>1 - - a - ID2 - x"];
    expect(new Set(lines.map(hint)).size).toBe(lines.length);
  });

  it("is short and quick for any line", () => {
    for (const text of [
      "1".repeat(65_000),
      "a1 ".repeat(20_000),
      "ab".repeat(30_000),
      ":1-".repeat(20_000),
    ]) {
      expect(hint(text).length).toBeLessThan(300);
    }
  });
});
