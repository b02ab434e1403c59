import { isIP } from "node:net";
import type { ContainerBody, HostConfig } from "../../../runtime/engine/index.js";
import { cutPair } from "../flags/index.js";

type PortBindings = NonNullable<HostConfig["PortBindings"]>;
type ExposedPorts = NonNullable<ContainerBody["ExposedPorts"]>;

/**
 * Every `-p` and `--expose` in the engine's spelling. `-p` takes `[[IP:][HOST[-HOST]]:]PORT[-PORT][/tcp|udp|sctp]`, an IPv6
 * address with or without brackets, and `published=…,target=…,protocol=…`.
 */
export function parsePorts(
  published: readonly string[],
  exposed: readonly string[],
): { readonly bindings: PortBindings; readonly exposed: ExposedPorts } {
  const bindings: PortBindings = {};
  const ports: ExposedPorts = {};
  for (const text of published) {
    for (const [port, binding] of parsePublished(standardNotation(text))) {
      ports[port] = {};
      bindings[port] = [...(bindings[port] ?? []), binding];
    }
  }
  for (const text of exposed) {
    for (const port of parseExposed(text)) ports[port] = {};
  }
  return { bindings, exposed: ports };
}

function standardNotation(text: string): string {
  if (!text.includes("=")) return text;
  const fields: Record<string, string> = { protocol: "tcp" };
  for (const field of text.split(",")) {
    const [key, value, hasValue] = cutPair(field);
    if (!hasValue || key === "") {
      throw new Error(`invalid publish opts format (should be name=value but got '${field}')`);
    }
    fields[key] = value;
  }
  return `${fields["published"] ?? ""}:${fields["target"] ?? ""}/${fields["protocol"]}`;
}

function* parsePublished(
  text: string,
): Generator<[port: string, binding: { HostIp: string; HostPort: string }]> {
  const parts = text.split(":");
  const [container = "", protocol] = splitProtocol(parts.at(-1)!);
  const host = parts.length > 1 ? parts.at(-2)! : "";
  const address = unbracket(parts.slice(0, -2).join(":"));
  if (address !== "" && isIP(address) === 0) throw new Error(`invalid IP address: ${address}`);
  if (container === "") throw new Error(`no port specified: ${text}<empty>`);
  const [from, to] = parseRange(container, `invalid containerPort: ${container}`);
  const [hostFrom, hostTo] = host === "" ? [0, 0] : parseRange(host, `invalid hostPort: ${host}`);
  if (host !== "" && to - from !== hostTo - hostFrom && to !== from) {
    throw new Error(`invalid ranges specified for container and host Ports: ${container} and ${host}`);
  }
  for (let port = from; port <= to; port++) {
    let hostPort = host === "" ? "" : String(hostFrom + port - from);
    // One port here and a range there: the engine picks a free one of the range.
    if (from === to && hostFrom !== hostTo) hostPort += `-${hostTo}`;
    yield [`${port}/${protocol}`, { HostIp: address, HostPort: hostPort }];
  }
}

function* parseExposed(text: string): Generator<string> {
  if (text.includes(":")) throw new Error(`invalid port format for --expose: ${text}`);
  const [port, protocol] = splitProtocol(text);
  const [from, to] = parseRange(port, `invalid range format for --expose: ${text}`);
  for (let each = from; each <= to; each++) yield `${each}/${protocol}`;
}

function splitProtocol(text: string): readonly [port: string, protocol: string] {
  const [port = "", protocol = ""] = text.split("/");
  const name = protocol === "" ? "tcp" : protocol.toLowerCase();
  if (!["tcp", "udp", "sctp"].includes(name)) throw new Error(`invalid proto: ${protocol}`);
  return [port, name];
}

function unbracket(address: string): string {
  return address.startsWith("[") && address.endsWith("]") ? address.slice(1, -1) : address;
}

function parseRange(text: string, complaint: string): readonly [from: number, to: number] {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text);
  const from = Number(match?.[1]);
  const to = Number(match?.[2] ?? match?.[1]);
  if (match === null || from > 65_535 || to > 65_535 || to < from) throw new Error(complaint);
  return [from, to];
}
