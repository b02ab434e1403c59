/** `NetworkSettings.Ports` of an inspected container: "80/tcp" → where it is published, or null. */
export type PortBindings = Readonly<
  Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>
>;

interface PortRange {
  readonly hostIp: string;
  readonly protocol: string;
  readonly hostFirst: number;
  readonly first: number;
  last: number;
}

/** Ports in the words of `docker ps`: "0.0.0.0:8080-8081->80-81/tcp, 443/tcp"; neighbours share one entry. */
export function describePorts(bindings: PortBindings | null | undefined): string {
  const ranges: PortRange[] = [];
  for (const port of sortedPorts(bindings ?? {})) {
    const neighbour = ranges.find(
      (range) =>
        range.hostIp === port.hostIp &&
        range.protocol === port.protocol &&
        range.last + 1 === port.first &&
        (port.hostFirst === 0 ? range.hostFirst === 0 : isNextHostPort(range, port)),
    );
    if (neighbour === undefined) ranges.push(port);
    else neighbour.last = port.first;
  }
  return ranges.map(describeRange).join(", ");
}

function isNextHostPort(range: PortRange, port: PortRange): boolean {
  return range.hostFirst !== 0 && range.hostFirst + (range.last - range.first) + 1 === port.hostFirst;
}

function sortedPorts(bindings: PortBindings): PortRange[] {
  const ports: PortRange[] = [];
  for (const [key, published] of Object.entries(bindings)) {
    const [number = "", protocol = "tcp"] = key.split("/");
    const first = Number(number);
    const hosts = published === null || published.length === 0 ? [{ HostIp: "", HostPort: "0" }] : published;
    for (const host of hosts) {
      ports.push({ hostIp: host.HostIp, protocol, hostFirst: Number(host.HostPort), first, last: first });
    }
  }
  return ports.sort(
    (a, b) => a.first - b.first || compare(a.protocol, b.protocol) || compare(a.hostIp, b.hostIp),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function describeRange(range: PortRange): string {
  const length = range.last - range.first;
  const inside = length === 0 ? `${range.first}` : `${range.first}-${range.last}`;
  if (range.hostFirst === 0) return `${inside}/${range.protocol}`;
  const outside = length === 0 ? `${range.hostFirst}` : `${range.hostFirst}-${range.hostFirst + length}`;
  return `${range.hostIp}:${outside}->${inside}/${range.protocol}`;
}
