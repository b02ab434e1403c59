import { describe, expect, it } from "vitest";
import { parseSyslog } from "../../../../src/inspector/syslog/parse-syslog.js";

describe("parseSyslog", () => {
  it("reads the examples of RFC 5424, 6.5", () => {
    expect(
      parseSyslog(
        "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \uFEFF'su root' failed for lonvick on /dev/pts/8",
      ),
    ).toEqual({
      format: "rfc5424",
      priority: 34,
      facility: "auth",
      severity: "crit",
      timestamp: "2003-10-11T22:14:15.003Z",
      hostname: "mymachine.example.com",
      app: "su",
      msgid: "ID47",
      message: "'su root' failed for lonvick on /dev/pts/8",
    });
    expect(
      parseSyslog(
        "<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time to make the do-nuts.",
      ),
    ).toMatchObject({
      facility: "local4",
      severity: "notice",
      procid: "8710",
      message: "%% It's time to make the do-nuts.",
    });
    expect(
      parseSyslog(
        '<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut="3" eventSource="Application" eventID="1011"][examplePriority@32473 class="high"]',
      ),
    ).toMatchObject({
      structuredData: {
        "exampleSDID@32473": { iut: "3", eventSource: "Application", eventID: "1011" },
        "examplePriority@32473": { class: "high" },
      },
      message: "",
    });
  });

  it("takes the backslash from a quote, a bracket and a backslash in structured data, and from nothing else", () => {
    const line = String.raw`<13>1 - - - - - [a x="1 \" ] \] \\ \n" x="2" __proto__="3"] text`;
    expect(parseSyslog(line)).toMatchObject({ format: "rfc5424", message: "text" });
    const data = parseSyslog(line).structuredData!["a"]!;
    expect(data["x"]).toEqual([String.raw`1 " ] ] \ \n`, "2"]);
    expect(Object.hasOwn(data, "__proto__")).toBe(true);
  });

  it("reads the examples of RFC 3164, 5.4", () => {
    expect(
      parseSyslog("<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8"),
    ).toEqual({
      format: "rfc3164",
      priority: 34,
      facility: "auth",
      severity: "crit",
      timestamp: "Oct 11 22:14:15",
      hostname: "mymachine",
      app: "su",
      message: "'su root' failed for lonvick on /dev/pts/8",
    });
    expect(parseSyslog("<13>Feb  5 17:32:18 10.0.0.99 Use the BFG!")).toMatchObject({
      timestamp: "Feb  5 17:32:18",
      hostname: "10.0.0.99",
      message: "Use the BFG!",
    });
    expect(parseSyslog("Use the BFG!")).toEqual({ format: "raw", message: "Use the BFG!" });
  });

  it("reads what programs of today write", () => {
    expect(parseSyslog("<30>Nov 23 06:49:22 sshd[4711]: Accepted password")).toMatchObject({
      app: "sshd",
      procid: "4711",
      message: "Accepted password",
    });
    expect(parseSyslog("<30>Nov 23 06:49:22 web-1 kernel: [  1.5] eth0: up")).toMatchObject({
      hostname: "web-1",
      app: "kernel",
      message: "[  1.5] eth0: up",
    });
    expect(parseSyslog("<30>2026-11-23T06:49:22.123456+00:00 web-1 dnsmasq/x.y[3]: hi")).toMatchObject({
      timestamp: "2026-11-23T06:49:22.123456+00:00",
      app: "dnsmasq/x.y",
      procid: "3",
      message: "hi",
    });
    expect(parseSyslog("<189>Mar  1 2026 18:48:50.483: %SYS-5-CONFIG_I: Configured")).toMatchObject({
      app: "%SYS-5-CONFIG_I",
      message: "Configured",
    });
    expect(parseSyslog("<13>Nov 23 06:49:22 fe80::1 app: hi")).toMatchObject({
      hostname: "fe80::1",
      app: "app",
    });
  });

  it("reads a line that is RFC 5424 but for a part as what it has, and keeps the rest whole", () => {
    expect(parseSyslog("<13>1 yesterday host app - - - text")).toMatchObject({
      format: "rfc3164",
      message: "1 yesterday host app - - - text",
    });
    expect(parseSyslog('<13>1 - - - - - [a x="1 text')).toMatchObject({
      format: "rfc3164",
      message: '1 - - - - - [a x="1 text',
    });
  });

  it("takes no priority beyond 191 for one", () => {
    expect(parseSyslog("<191>x")).toMatchObject({ facility: "local7", severity: "debug", message: "x" });
    for (const line of ["<192>x", "<1234>x", "<>x", "<a>x", "<13x", ""]) {
      expect(parseSyslog(line)).toEqual({ format: "raw", message: line });
    }
  });
});
