import { isIP, isIPv6 } from "node:net";
import { parseDurationMs } from "../../util/index.js";

/** A value that may not be empty. */
export function word(text: string): string {
  if (text === "") throw new Error("must not be empty");
  return text;
}

/** An integer as Go reads one with base 0: "10", "-1", "0x10", "0o17", "017". */
export function parseInteger(
  text: string,
  range: { readonly min?: number; readonly max?: number } = {},
): number {
  const match = /^([+-]?)(?:0[xX]([\da-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/.exec(text);
  if (match === null) throw new Error("not a whole number");
  const [, sign, hex, binary, octal, decimal] = match;
  const size =
    hex !== undefined
      ? Number.parseInt(hex, 16)
      : binary !== undefined
        ? Number.parseInt(binary, 2)
        : octal !== undefined
          ? Number.parseInt(octal, 8)
          : Number(decimal);
  const value = sign === "-" && size !== 0 ? -size : size;
  if (!Number.isSafeInteger(value)) throw new Error("out of range");
  if (range.min !== undefined && value < range.min) throw new Error(`below ${range.min}`);
  if (range.max !== undefined && value > range.max) throw new Error(`above ${range.max}`);
  return value;
}

/** A whole number that the engine, which has 64 bits for it, can be told; beyond that JSON would tell it another. */
export function inEngineRange(value: number): number {
  if (!(Math.abs(value) < 2 ** 63)) throw new Error("out of range");
  return value;
}

const unitPower: Readonly<Record<string, number>> = { k: 1, m: 2, g: 3, t: 4, p: 5 };

/** Bytes as docker reads them: "512", "64k", "1.5g", "2GiB", "10 mb"; units are powers of 1024. */
export function parseBytes(text: string): number {
  const match = /^([+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?) ?(?:b|([kmgtp])(?:i?b)?)?$/i.exec(text);
  if (match === null) throw new Error(`invalid size: '${text}' (like 512, 64k, 1.5g)`);
  const unit = match[2]?.toLowerCase();
  return inEngineRange(Math.trunc(Number(match[1]) * 1024 ** (unit === undefined ? 0 : unitPower[unit]!)));
}

/** A number of CPUs ("1.5", "3/2", "5e-1") in billionths. */
export function parseNanoCpus(text: string): number {
  const match = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(?:e([+-]?\d+))?(?:\/(\d+))?$/i.exec(text);
  if (match === null) throw new Error(`failed to parse ${text} as a rational number`);
  const [, sign, mantissa, exponent, denominator] = match;
  if (denominator !== undefined && (exponent !== undefined || mantissa!.includes("."))) {
    throw new Error(`failed to parse ${text} as a rational number`);
  }
  const [whole, fraction = ""] = mantissa!.split(".");
  const power = 9 - fraction.length + Number(exponent ?? 0);
  if (Math.abs(power) > 30) throw new Error("value is too precise");
  let nano = BigInt(`${whole}${fraction}`);
  let divisor = BigInt(denominator ?? 1);
  if (divisor === 0n) throw new Error("division by zero");
  if (power >= 0) nano *= 10n ** BigInt(power);
  else divisor *= 10n ** BigInt(-power);
  if (nano % divisor !== 0n) throw new Error("value is too precise");
  return inEngineRange(Number(nano / divisor)) * (sign === "-" ? -1 : 1);
}

/** A Go duration that is not negative, in nanoseconds, the unit of the engine's API. */
export function parseDurationNs(text: string): number {
  const milliseconds = parseDurationMs(text);
  if (milliseconds < 0) throw new Error("cannot be negative");
  return inEngineRange(Math.round(milliseconds * 1e6));
}

/** An IPv4 or IPv6 address, IPv6 in its shortest form and an IPv4 address inside of IPv6 as what it is, as Go writes them. */
export function parseIpAddress(text: string): string {
  const address = text.trim();
  if (isIP(address) === 0 || address.includes("%")) {
    throw new Error(`IP address is not correctly formatted: ${text}`);
  }
  if (!isIPv6(address)) return address;
  const shortest = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(shortest);
  if (mapped === null) return shortest;
  const bytes = mapped.slice(1).map((group) => Number.parseInt(group, 16));
  return bytes.flatMap((group) => [group >> 8, group & 255]).join(".");
}

/** "key=value" cut at the first "="; a missing "=" leaves the value empty. */
export function cutPair(text: string): readonly [key: string, value: string, hasValue: boolean] {
  const equals = text.indexOf("=");
  return equals < 0 ? [text, "", false] : [text.slice(0, equals), text.slice(equals + 1), true];
}

/** One line of comma-separated values with double quotes, as `--mount` and `--network` take them (RFC 4180). */
export function parseCsvLine(line: string): readonly string[] {
  const fields: string[] = [];
  let position = 0;
  for (;;) {
    if (line[position] === '"') {
      let field = "";
      for (position++; ; position++) {
        if (position >= line.length) throw new Error('missing closing " in field');
        if (line[position] !== '"') field += line[position];
        else if (line[position + 1] === '"') {
          field += '"';
          position++;
        } else break;
      }
      fields.push(field);
      position++;
      if (position < line.length && line[position] !== ",") throw new Error('text after a closing "');
    } else {
      const comma = line.indexOf(",", position);
      const field = line.slice(position, comma < 0 ? line.length : comma);
      if (field.includes('"')) throw new Error('bare " in an unquoted field');
      fields.push(field);
      position += field.length;
    }
    if (position >= line.length) return fields;
    position++;
  }
}
