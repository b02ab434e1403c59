import { posix } from "node:path";
import type { HostConfig, ThrottleBody } from "../../../runtime/engine/index.js";
import { inEngineRange, parseBytes, parseInteger, RefusedFlag } from "../flags/index.js";

type DeviceBody = NonNullable<HostConfig["Devices"]>[number];

/** `--device HOST[:CONTAINER][:rwm]` */
export function parseDevice(text: string): DeviceBody {
  if (/^[a-z][\w.-]*\/[a-z][\w-]*=./i.test(text)) {
    throw new RefusedFlag("nmzc hands no CDI devices to the engine", "name the device file: --device /dev/…");
  }
  const parts = text.split(":");
  if (parts.length > 3 || parts[0] === "") throw new Error(`bad format for path: ${text}`);
  const [source, second, third] = parts as [string, string?, string?];
  if (third !== undefined && !isDeviceMode(third)) throw new Error(`bad mode specified: ${third}`);
  const isModeSecond = third === undefined && second !== undefined && isDeviceMode(second);
  const target = second === undefined || isModeSecond ? source : second;
  if (!target.startsWith("/")) throw new Error(`${target} is not an absolute path`);
  return {
    PathOnHost: second === undefined || isModeSecond ? posix.normalize(source) : source,
    PathInContainer: third === undefined ? posix.normalize(target) : target,
    CgroupPermissions: third ?? (isModeSecond ? second : "rwm"),
  };
}

function isDeviceMode(text: string): boolean {
  return /^[rwm]{1,3}$/.test(text) && new Set(text).size === text.length;
}

/** `--device-read-bps DEVICE:RATE[k|m|g]` */
export function parseByteThrottle(text: string): ThrottleBody {
  const [path, rate] = splitDevice(text);
  return { Path: path, Rate: parseBytes(rate) };
}

/** `--device-read-iops DEVICE:RATE` */
export function parseOperationThrottle(text: string): ThrottleBody {
  const [path, rate] = splitDevice(text);
  if (!/^\d+$/.test(rate)) throw new Error(`invalid rate for device: ${text}`);
  return { Path: path, Rate: inEngineRange(Number(rate)) };
}

/** `--blkio-weight-device DEVICE:WEIGHT` */
export function parseDeviceWeight(text: string): { Path: string; Weight: number } {
  const [path, weight] = splitDevice(text);
  if (!/^\d+$/.test(weight)) throw new Error(`invalid weight for device: ${text}`);
  return { Path: path, Weight: parseBlockWeight(String(Number(weight))) };
}

export function parseBlockWeight(text: string): number {
  const weight = parseInteger(text);
  if (weight !== 0 && (weight < 10 || weight > 1000)) throw new Error("not between 10 and 1000, nor 0");
  return weight;
}

function splitDevice(text: string): readonly [path: string, rest: string] {
  const colon = text.indexOf(":");
  if (colon <= 0) throw new Error(`bad format: ${text} (DEVICE:RATE)`);
  if (!text.startsWith("/dev/")) throw new Error(`bad format for device path: ${text}`);
  return [text.slice(0, colon), text.slice(colon + 1)];
}
