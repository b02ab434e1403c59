import { NmzError } from "../../../util/index.js";
import { defineCommand } from "../../command/index.js";
import { type FlagSection, goFlags, portInto, valueFlag, wordInto } from "../../flags/index.js";
import { inspectorRequest, newWireDraft, type WireDraft, wireFlags, wireNotes } from "./wire-flags.js";

// What Namazu's inspector (pynmz) listened on.
const defaultPort = 10514;

interface SyslogDraft extends WireDraft {
  host: string;
  udpPort: number;
  tcpPort: number;
}

const syslogFlags: FlagSection<SyslogDraft> = {
  title: "Log lines",
  flags: goFlags<SyslogDraft>([
    valueFlag({
      name: "listen",
      placeholder: "HOST",
      help: 'Address to listen on (default "127.0.0.1"); with any other, whoever reaches it can log here',
      apply: wordInto("host"),
    }),
    valueFlag({
      name: "udp-port",
      placeholder: "PORT",
      help: `UDP (default ${defaultPort}); 0 is a free one, which is printed, -1 is none`,
      apply: portInto("udpPort"),
    }),
    valueFlag({
      name: "tcp-port",
      placeholder: "PORT",
      help: `TCP (default ${defaultPort}); 0 is a free one, which is printed, -1 is none`,
      apply: portInto("tcpPort"),
    }),
  ]),
};

export const syslog = defineCommand<SyslogDraft>({
  name: "syslog",
  summary: "Make log lines events: receive syslog, so that a policy can act on what programs say",
  usage: "[OPTIONS]",
  notes: [
    "Receives RFC 3164 and RFC 5424 over UDP and TCP, both ways of framing. The program that logged is not held: a policy acts on a line by running a command, or by changing what it does to packets, files and threads. See docs/syslog.md.",
    ...wireNotes,
  ],
  examples: [
    "nmz inspectors syslog -orchestrator-url http://localhost:10080/api/v3",
    "nmz inspectors syslog --listen 0.0.0.0 --udp-port 514 --tcp-port -1",
  ],
  sections: [syslogFlags, wireFlags],
  isInterspersed: true,
  maxArgs: 0,
  newDraft: (context) => ({
    ...newWireDraft(context, "_namazu_syslog_inspector"),
    host: "127.0.0.1",
    udpPort: defaultPort,
    tcpPort: defaultPort,
  }),
  run: ({ draft, path, context }) => {
    const { host, udpPort, tcpPort } = draft;
    if (udpPort < 0 && tcpPort < 0) {
      throw new NmzError("NMZ_CLI_ARGUMENTS", `'${path}' has neither a UDP nor a TCP port to listen on`, {
        exitCode: 1,
        hint: "leave one of --udp-port and --tcp-port out, or give it a port",
      });
    }
    const given = (number: number) => (number < 0 ? undefined : number);
    return context.services.inspectSyslog(
      { ...inspectorRequest(draft), host, udpPort: given(udpPort), tcpPort: given(tcpPort) },
      context,
    );
  },
});
