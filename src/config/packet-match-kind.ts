import type { Direction, PacketMatch, PortRange } from "./autopilot.js";
import { list } from "./key-kinds.js";
import { isPlainTable, type KeySpec, readTable } from "./key-table.js";
import { tomlText } from "./toml-text.js";

const lastPort = 65_535;

/** `output`, `input`, `both`, or a list of them. */
export function directions(
  byDefault: readonly Direction[],
  words: { readonly meaning: string; readonly aliases?: readonly string[] },
): KeySpec<readonly Direction[]> {
  const spec = list([], { ...words, choices: ["output", "input", "both"] });
  return {
    ...spec,
    default: byDefault,
    read: (written, path, report) => {
      const read = spec.read(written, path, report);
      return read?.includes("both") ? ["output", "input"] : (read as readonly Direction[] | undefined);
    },
    write: tomlText,
  };
}

/** `2888`, `"2888"`, `"2888-3888"`, or a list of these. */
function ports(meaning: string): KeySpec<readonly PortRange[]> {
  const expected = 'a port from 1 to 65535, or a range such as "2888-3888"';
  return {
    type: "ports",
    expected: `${expected}, or a list of these`,
    default: [],
    meaning,
    read: (written, path, report) => {
      const ranges: PortRange[] = [];
      for (const [index, item] of (Array.isArray(written) ? written : [written]).entries()) {
        const range = readPortRange(item);
        if (range === undefined) {
          const at = Array.isArray(written) ? [...path, index] : path;
          report({ path: at, kind: "wrong", expected, got: item });
          return undefined;
        }
        ranges.push(range);
      }
      return Object.freeze(ranges);
    },
    write: (ranges) => tomlText(ranges.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`))),
  };
}

function readPortRange(written: unknown): PortRange | undefined {
  if (typeof written !== "string" && typeof written !== "number") return undefined;
  const match = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(String(written).trim());
  if (match === null) return undefined;
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  return from >= 1 && from <= to && to <= lastPort ? Object.freeze({ from, to }) : undefined;
}

/** The keys of one entry of `ethernet.match`. */
export const packetMatchKeys = {
  protocol: list([], {
    choices: ["tcp", "udp", "icmp", "icmpv6", "sctp"],
    meaning: "any of these protocols; none given: all",
  }),
  ports: ports("any of these source or destination ports; none given: all"),
  directions: directions([], {
    meaning: "packets that leave or enter the container; none given: `ethernet.directions`",
    aliases: ["direction"],
  }),
} as const;

export function packetMatches(meaning: string): KeySpec<readonly PacketMatch[]> {
  return {
    type: "list of tables",
    expected: 'a list of tables such as { protocol = "tcp", ports = ["2888-3888"] }',
    default: [],
    defaultText: "[] (everything)",
    meaning,
    read: (written, path, report) => {
      const entries = Array.isArray(written) ? written : [written];
      if (!entries.every(isPlainTable)) return undefined;
      const matches: PacketMatch[] = [];
      for (const [index, entry] of entries.entries()) {
        const { values, problems } = readTable(
          packetMatchKeys,
          entry,
          Array.isArray(written) ? [...path, index] : path,
        );
        problems.forEach(report);
        const { protocol, ports, directions } = values;
        matches.push(Object.freeze({ protocol, ports, ...(directions.length > 0 ? { directions } : {}) }));
      }
      return Object.freeze(matches);
    },
    write: (matches) => `[${matches.map(writeMatch).join(", ")}]`,
  };
}

function writeMatch(match: PacketMatch): string {
  const members = [];
  if (match.protocol.length > 0) members.push(`protocol = ${tomlText(match.protocol)}`);
  if (match.ports.length > 0) members.push(`ports = ${packetMatchKeys.ports.write(match.ports)}`);
  if (match.directions !== undefined) members.push(`directions = ${tomlText(match.directions)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}
