import type { EthernetRequest } from "../../../standalone/inspect-ethernet.js";
import type { HookSwitchRequest } from "../../../standalone/inspect-hookswitch.js";
import { NmzError } from "../../../util/index.js";
import { defineCommand } from "../../command/index.js";
import {
  type Flag,
  type FlagSection,
  goFlags,
  listFlag,
  parseInteger,
  switchFlag,
  valueFlag,
  wordInto,
} from "../../flags/index.js";
import { inspectorRequest, newWireDraft, type WireDraft, wireFlags, wireNotes } from "./wire-flags.js";

type PacketFilter = NonNullable<EthernetRequest["install"]>;
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key] };

interface EthernetDraft extends WireDraft {
  queueNumber: number | undefined;
  hookSwitch: string | undefined;
  netns: string | undefined;
  isInstalling: boolean;
  readonly filter: Mutable<PacketFilter>;
}

const protocols = ["tcp", "udp", "icmp", "icmpv6", "sctp"] as const;
const directions = ["output", "input"] as const;

/** Where Namazu's inspector waited for a switch. */
const defaultHookSwitch = "ipc:///tmp/namazu-hookswitch-zmq";

const queueFlags: FlagSection<EthernetDraft> = {
  title: "Packets",
  flags: goFlags([
    valueFlag({
      name: "nfq-number",
      placeholder: "N",
      help: "The NFQUEUE to serve. Rules that lead packets there are yours, unless --install-rule is given",
      apply: (value, draft) => {
        const number = parseInteger(value, { min: -1, max: 0xffff });
        draft.queueNumber = number < 0 ? undefined : number;
      },
    }),
    valueFlag({
      name: "hookswitch",
      placeholder: "ADDRESS",
      help: `Serve a switch that speaks HookSwitch, at this ZeroMQ address, when there is neither a queue number nor --install-rule (default "${defaultHookSwitch}")`,
      apply: wordInto("hookSwitch"),
    }),
    valueFlag({
      name: "netns",
      placeholder: "NAME|PATH|PID",
      help: "The network namespace of the packets (default this one)",
      apply: wordInto("netns"),
    }),
  ]),
};

const ruleFlags: FlagSection<EthernetDraft> = {
  title: "Rules of our own",
  flags: goFlags([
    switchFlag({
      name: "install-rule",
      help: "Put iptables and ip6tables rules up, and take them away at the end; without a filter they catch everything",
      apply: (value, draft) => {
        draft.isInstalling = value;
      },
    }),
    valueFlag({
      name: "uid-owner",
      placeholder: "USER",
      help: "Packets that this user's processes send: a name, a number, a range of numbers",
      apply: (value, draft) => {
        if (!/^[\w.-]+$/.test(value)) throw new Error("neither a user name nor a number");
        draft.filter.uidOwner = value;
      },
    }),
    listFlag({
      name: "protocol",
      placeholder: protocols.join("|"),
      help: "Packets of this protocol",
      completes: protocols,
      apply: (value, draft) => {
        draft.filter.protocols.push(oneOf(value, protocols));
      },
    }),
    portFlag("port", "Packets from or to this port, or these", "ports"),
    portFlag("sport", "Packets from this port, or these", "sourcePorts"),
    portFlag("dport", "Packets to this port, or these", "destinationPorts"),
    listFlag({
      name: "chain",
      aliases: ["direction"],
      placeholder: directions.join("|"),
      help: "Where packets are caught: sent, received (default the config's ethernet.directions)",
      completes: directions,
      apply: (value, draft) => {
        draft.filter.directions.push(oneOf(value.toLowerCase(), directions));
      },
    }),
  ]),
};

function portFlag(
  name: string,
  help: string,
  key: "ports" | "sourcePorts" | "destinationPorts",
): Flag<EthernetDraft> {
  return listFlag({
    name,
    placeholder: "PORT[-PORT]",
    help,
    apply: (value, draft) => {
      const [, first, last] = /^(\d+)(?:[-:](\d+))?$/.exec(value) ?? [];
      if (first === undefined) throw new Error("write a port, or two with a dash between them");
      const from = parseInteger(first, { max: 0xffff });
      const to = parseInteger(last ?? first, { min: from, max: 0xffff });
      draft.filter[key].push({ from, to });
    },
  });
}

function oneOf<Word extends string>(value: string, words: readonly Word[]): Word {
  const found = words.find((each) => each === value);
  if (found === undefined) throw new Error(`must be one of ${words.join(", ")}`);
  return found;
}

export const ethernet = defineCommand<EthernetDraft>({
  name: "ethernet",
  summary:
    "Shake packets: of an NFQUEUE, with rules that lead there if asked to, or of a switch (HookSwitch)",
  usage: "[OPTIONS] --nfq-number N | --install-rule [FILTER...] | --hookswitch ADDRESS",
  notes: [
    "Without --install-rule the rules are yours: the inspector says which command makes one when none leads to its queue. With it they go up (--queue-bypass: packets go on when nobody serves the queue) and come down at the end, after a kill -9 with the next start or nmz prune. What goes to and from the orchestrator is never held.",
    "A switch (hookswitch-of13, hookswitch-nfq) connects to the address and does with each packet what is decided here; see docs/hookswitch.md.",
    ...wireNotes,
  ],
  examples: [
    "nmz inspectors ethernet -nfq-number 42 -orchestrator-url http://127.0.0.1:10080/api/v3 -entity-id foo",
    "nmz inspectors ethernet --install-rule --uid-owner postgres --protocol tcp",
    "nmz inspectors ethernet --install-rule --netns h1 --dport 2181 --dport 2888-3888",
    "nmz inspectors ethernet -hookswitch ipc:///tmp/switch",
  ],
  sections: [queueFlags, ruleFlags, wireFlags],
  isInterspersed: true,
  maxArgs: 0,
  newDraft: (context) => ({
    ...newWireDraft(context, "_namazu_ethernet_inspector"),
    queueNumber: undefined,
    hookSwitch: undefined,
    netns: undefined,
    isInstalling: false,
    filter: {
      uidOwner: undefined,
      protocols: [],
      ports: [],
      sourcePorts: [],
      destinationPorts: [],
      directions: [],
    },
  }),
  run: ({ draft, context }) => {
    const request = requestOf(draft);
    const { inspectEthernet, inspectHookSwitch } = context.services;
    return "hookSwitch" in request ? inspectHookSwitch(request, context) : inspectEthernet(request, context);
  },
});

/** As in Namazu: a switch's, unless a queue is named; and not if we make the rules. */
function requestOf(draft: EthernetDraft): EthernetRequest | HookSwitchRequest {
  const { queueNumber, hookSwitch, netns, isInstalling, filter } = draft;
  const refuse = (what: string, hint: string): never => {
    throw new NmzError("NMZ_CLI_ARGUMENTS", what, { exitCode: 1, hint });
  };
  const isFiltering = Object.values(filter).some((each) => each !== undefined && each.length > 0);
  if (!isInstalling && isFiltering) refuse("filters are for rules of our own", "add --install-rule");
  if (isInstalling && hookSwitch !== undefined) {
    refuse("a switch needs no rules", "give one of --install-rule and --hookswitch");
  }
  if (!isInstalling && queueNumber === undefined) {
    if (netns !== undefined) {
      refuse("--netns is for packets of a queue", "add --nfq-number or --install-rule, or leave it out");
    }
    return { ...inspectorRequest(draft), hookSwitch: hookSwitch ?? defaultHookSwitch };
  }
  return { ...inspectorRequest(draft), queueNumber, netns, install: isInstalling ? filter : undefined };
}
