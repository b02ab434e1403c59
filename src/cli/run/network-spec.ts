import type { EndpointBody } from "../../../runtime/engine/index.js";
import { cutPair, parseCsvLine, parseInteger, parseIpAddress } from "../flags/index.js";

/** One `--network`, with what the flags beside it say of the same network. */
export interface NetworkAttachment {
  target: string;
  readonly aliases: string[];
  ipv4?: string;
  ipv6?: string;
  readonly linkLocalIps: string[];
  macAddress?: string;
  readonly driverOptions: Record<string, string>;
  gatewayPriority?: number;
}

/** `NAME`, or docker's long form `name=NAME,alias=web,ip=…,ip6=…,mac-address=…,link-local-ip=…,driver-opt=k=v,gw-priority=N`. */
export function parseNetwork(text: string): NetworkAttachment {
  const network: NetworkAttachment = { target: text, aliases: [], linkLocalIps: [], driverOptions: {} };
  if (!/\w=\w/.test(text)) {
    if (text.trim() === "") throw new Error("no name set for network");
    return network;
  }
  network.target = "";
  for (const field of parseCsvLine(text)) {
    const [key, value, hasValue] = cutPair(field.toLowerCase());
    if (!hasValue || key === "") throw new Error(`invalid field ${field}`);
    applyField(network, key.trim(), value.trim());
  }
  if (network.target === "") throw new Error("network name/id is not specified");
  return network;
}

function applyField(network: NetworkAttachment, key: string, value: string): void {
  switch (key) {
    case "name":
      network.target = value;
      break;
    case "alias":
      network.aliases.push(value);
      break;
    case "ip":
      network.ipv4 = parseIpAddress(value);
      break;
    case "ip6":
      network.ipv6 = parseIpAddress(value);
      break;
    case "mac-address":
      network.macAddress = parseMacAddress(value);
      break;
    case "link-local-ip":
      network.linkLocalIps.push(parseIpAddress(value));
      break;
    case "driver-opt": {
      const [name, option, hasOption] = cutPair(value);
      if (!hasOption || name === "") throw new Error("invalid key value pair format in driver options");
      // Not an assignment: "__proto__" is a name like any other.
      Object.defineProperty(network.driverOptions, name.trim(), {
        value: option.trim(),
        enumerable: true,
        configurable: true,
        writable: true,
      });
      break;
    }
    case "gw-priority":
      network.gatewayPriority = parseInteger(value);
      break;
    default:
      throw new Error(
        `invalid field key ${key} (name, alias, ip, ip6, mac-address, link-local-ip, driver-opt, gw-priority)`,
      );
  }
}

/** Six, eight or twenty bytes in hex between ":" or "-"; docker takes no others from its command line. */
export function parseMacAddress(text: string): string {
  const address = text.trim();
  const colons =
    /^[\da-f]{2}([:-])(?:[\da-f]{2}\1){4}[\da-f]{2}(?:(?:\1[\da-f]{2}){2}|(?:\1[\da-f]{2}){14})?$/i;
  const dots = /^[\da-f]{4}(?:\.[\da-f]{4}){2}(?:\.[\da-f]{4}|(?:\.[\da-f]{4}){7})?$/i;
  if (!colons.test(address) && !dots.test(address)) throw new Error(`${text} is not a valid mac address`);
  return address;
}

/** Whether somebody made the network: docker gives aliases and addresses only there. */
export function isUserDefined(network: string): boolean {
  return !["default", "bridge", "host", "none"].includes(network) && !network.startsWith("container:");
}

/** Adds what the flags of old say (`--ip`, `--network-alias`, …) to the first network; both ways at once is an error. */
export function mergeFirstNetwork(network: NetworkAttachment, flags: NetworkAttachment): NetworkAttachment {
  const conflict = (flag: string, what: string): never => {
    throw new Error(`conflicting options: cannot specify both ${flag} and per-network ${what}`);
  };
  if (network.aliases.length > 0 && flags.aliases.length > 0) conflict("--network-alias", "alias");
  if (network.ipv4 && flags.ipv4) conflict("--ip", "IPv4 address");
  if (network.ipv6 && flags.ipv6) conflict("--ip6", "IPv6 address");
  if (network.macAddress && flags.macAddress) conflict("--mac-address", "MAC address");
  if (network.linkLocalIps.length > 0 && flags.linkLocalIps.length > 0) {
    conflict("--link-local-ip", "link-local IP addresses");
  }
  return {
    ...network,
    ...flags,
    target: network.target,
    aliases: [...network.aliases, ...flags.aliases],
    linkLocalIps: [...network.linkLocalIps, ...flags.linkLocalIps],
    driverOptions: network.driverOptions,
  };
}

/** The engine's spelling; undefined when there is nothing to say but the name. */
export function endpointOf(network: NetworkAttachment): EndpointBody | undefined {
  if (network.aliases.length > 0 && !isUserDefined(network.target)) {
    throw new Error("network-scoped aliases are only supported for user-defined networks");
  }
  const addresses = {
    ...(network.ipv4 === undefined ? {} : { IPv4Address: network.ipv4 }),
    ...(network.ipv6 === undefined ? {} : { IPv6Address: network.ipv6 }),
    ...(network.linkLocalIps.length === 0 ? {} : { LinkLocalIPs: network.linkLocalIps }),
  };
  const endpoint: EndpointBody = {
    ...(network.aliases.length === 0 ? {} : { Aliases: network.aliases }),
    ...(Object.keys(addresses).length === 0 ? {} : { IPAMConfig: addresses }),
    ...(network.macAddress === undefined ? {} : { MacAddress: network.macAddress }),
    ...(Object.keys(network.driverOptions).length === 0 ? {} : { DriverOpts: network.driverOptions }),
    ...(network.gatewayPriority === undefined ? {} : { GwPriority: network.gatewayPriority }),
  };
  return Object.keys(endpoint).length === 0 ? undefined : endpoint;
}
