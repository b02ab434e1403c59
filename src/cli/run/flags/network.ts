import { isIPv4, isIPv6 } from "node:net";
import {
  type FlagSection,
  listFlag,
  parseIpAddress,
  RefusedFlag,
  refusedFlag,
  switchFlag,
  valueFlag,
} from "../../flags/index.js";
import { parseMacAddress, parseNetwork } from "../network-spec.js";
import { parsePorts } from "../port-spec.js";
import type { RunDraft } from "../run-draft.js";

/** The networks, ports and names of the container. */
export const networkFlags: FlagSection<RunDraft> = {
  title: "Network",
  flags: [
    listFlag({
      name: "network",
      aliases: ["net"],
      placeholder: "NETWORK",
      help: "Connect to a network: bridge, none, container:NAME, a network's name, name=NAME,alias=…; host is refused",
      completes: ["bridge", "none", "container:"],
      apply: (value, draft) => {
        draft.networks.push(parseNetwork(value));
      },
    }),
    listFlag({
      name: "network-alias",
      aliases: ["net-alias"],
      placeholder: "NAME",
      help: "Name of the container on a network that you made",
      apply: (value, draft) => {
        draft.firstNetwork.aliases.push(value);
      },
    }),
    valueFlag({
      name: "ip",
      placeholder: "ADDRESS",
      help: "IPv4 address, like 172.30.100.104",
      apply: (value, draft) => {
        const address = parseIpAddress(value);
        if (!isIPv4(address)) throw new Error("not an IPv4 address");
        draft.firstNetwork.ipv4 = address;
      },
    }),
    valueFlag({
      name: "ip6",
      placeholder: "ADDRESS",
      help: "IPv6 address, like 2001:db8::33",
      apply: (value, draft) => {
        const address = parseIpAddress(value);
        if (!isIPv6(address)) throw new Error("not an IPv6 address");
        draft.firstNetwork.ipv6 = address;
      },
    }),
    listFlag({
      name: "link-local-ip",
      placeholder: "ADDRESS",
      help: "Link-local address",
      apply: (value, draft) => {
        draft.firstNetwork.linkLocalIps.push(parseIpAddress(value));
      },
    }),
    valueFlag({
      name: "mac-address",
      placeholder: "ADDRESS",
      help: "MAC address, like 92:d0:c6:0a:29:33",
      apply: (value, draft) => {
        draft.firstNetwork.macAddress = parseMacAddress(value);
      },
    }),
    listFlag({
      name: "publish",
      short: "p",
      placeholder: "[[IP:]HOST:]PORT[/PROTOCOL]",
      help: "Publish a port, or a range of them, on the host",
      apply: (value, draft) => {
        parsePorts([value], []);
        draft.published.push(value);
      },
    }),
    switchFlag({
      name: "publish-all",
      short: "P",
      help: "Publish all exposed ports on random ports of the host",
      apply: (on, draft) => {
        draft.body.HostConfig.PublishAllPorts = on;
      },
    }),
    listFlag({
      name: "expose",
      placeholder: "PORT[-PORT][/PROTOCOL]",
      help: "Expose a port or a range of ports",
      apply: (value, draft) => {
        parsePorts([], [value]);
        draft.exposed.push(value);
      },
    }),
    valueFlag({
      name: "hostname",
      short: "h",
      placeholder: "NAME",
      help: "Host name inside the container",
      apply: (value, draft) => {
        draft.body.Hostname = value;
      },
    }),
    valueFlag({
      name: "domainname",
      placeholder: "NAME",
      help: "NIS domain name of the container",
      apply: (value, draft) => {
        draft.body.Domainname = value;
      },
    }),
    listFlag({
      name: "add-host",
      placeholder: "NAME:ADDRESS",
      help: "Add a line to /etc/hosts; the address may be host-gateway",
      apply: (value, draft) => {
        draft.body.HostConfig.ExtraHosts = [
          ...(draft.body.HostConfig.ExtraHosts ?? []),
          parseExtraHost(value),
        ];
      },
    }),
    listFlag({
      name: "dns",
      placeholder: "ADDRESS",
      help: "DNS server",
      apply: (value, draft) => {
        draft.body.HostConfig.Dns = [...(draft.body.HostConfig.Dns ?? []), parseIpAddress(value)];
      },
    }),
    listFlag({
      name: "dns-search",
      placeholder: "DOMAIN",
      help: "DNS search domain; . for none",
      apply: (value, draft) => {
        draft.body.HostConfig.DnsSearch = [...(draft.body.HostConfig.DnsSearch ?? []), parseDomain(value)];
      },
    }),
    listFlag({
      name: "dns-option",
      aliases: ["dns-opt"],
      placeholder: "OPTION",
      help: "Option of the resolver, like ndots:2",
      apply: (value, draft) => {
        draft.body.HostConfig.DnsOptions = [...(draft.body.HostConfig.DnsOptions ?? []), value];
      },
    }),
    refusedFlag({
      name: "link",
      placeholder: "CONTAINER[:ALIAS]",
      refusal: "docker's links are deprecated; make a network and use --network and --network-alias",
    }),
  ],
};

/** NAME:ADDRESS or NAME=ADDRESS, an IPv6 address with or without brackets; the engine knows only the first form. */
function parseExtraHost(text: string): string {
  const cut = text.includes("=") ? text.indexOf("=") : text.indexOf(":");
  const name = text.slice(0, Math.max(cut, 0));
  if (name === "" || name.includes(":")) throw new Error(`bad format for add-host: "${text}"`);
  let address = text.slice(cut + 1);
  if (address === "host-gateway") return `${name}:${address}`;
  if (/^\[.+\]$/.test(address)) address = address.slice(1, -1);
  try {
    parseIpAddress(address);
  } catch {
    throw new Error(`invalid IP address in add-host: "${address}"`);
  }
  return `${name}:${address}`;
}

function parseDomain(text: string): string {
  const domain = text.replace(/^ +| +$/g, "");
  if (domain === ".") return domain;
  const label =
    /^((?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*)\.?\s*$/;
  const match = label.exec(domain);
  if (!/[a-zA-Z]/.test(domain) || match === null || match[1]!.length >= 255) {
    throw new Error(`${domain} is not a valid domain`);
  }
  return match[1]!;
}

/** `--network host` would shake the host's own packets; without the ethernet inspector there is nothing to fear. */
export function refuseHostNetwork(draft: RunDraft): void {
  if (draft.disabled.has("ethernet") || draft.networks.every((network) => network.target !== "host")) return;
  throw new RefusedFlag(
    "the host's own packets would be shaken",
    "use --network bridge, or switch the packets off: --nmz-disable ethernet",
  );
}
