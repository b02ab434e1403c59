import { isAbsolute, resolve } from "node:path";
import type { MountBody } from "../../../runtime/engine/index.js";
import type { VolumeRequest } from "../../container/run-request.js";
import { nearest } from "../../util/index.js";
import { cutPair, parseBytes, parseCsvLine, parseSwitch, RefusedFlag } from "../flags/index.js";
import { checkVolumeName, parseTarget } from "./volume-spec.js";

type MountFields = Map<string, string>;

interface MountDraft {
  type: string;
  source: string;
  target: string;
  isReadOnly: boolean;
  readonly fields: MountFields;
  readonly labels: Map<string, string>;
  readonly driverOptions: Map<string, string>;
}

const switches = new Set(["readonly", "volume-nocopy", "bind-nonrecursive", "bind-create-src"]);
const synonyms: Readonly<Record<string, string>> = {
  src: "source",
  dst: "target",
  destination: "target",
  ro: "readonly",
};
/** Keys of docker's `--mount`, in the order of docs/cli.md; what follows a prefix belongs to that type alone. */
export const mountKeys = [
  "type",
  "source",
  "target",
  "readonly",
  "consistency",
  "bind-propagation",
  "bind-recursive",
  "bind-nonrecursive",
  "bind-create-src",
  "volume-nocopy",
  "volume-label",
  "volume-driver",
  "volume-opt",
  "volume-subpath",
  "tmpfs-size",
  "tmpfs-mode",
  "image-subpath",
] as const;

/** One `--mount`: binds and volumes go through the fs inspector, a tmpfs is the engine's. */
export function parseMount(text: string, cwd: string): { volume: VolumeRequest } | { tmpfs: MountBody } {
  const mount = readFields(text);
  checkTypes(mount);
  const target = parseTarget(mount.target);
  if (mount.type === "tmpfs") return { tmpfs: tmpfsOf(mount, target) };
  const isBind = mount.type === "bind";
  if (isBind && mount.source === "") throw new Error("source is required for type=bind");
  const source = isBind && mount.source.startsWith(".") ? resolve(cwd, mount.source) : mount.source;
  if (isBind && !isAbsolute(source)) throw new Error(`mount source "${source}" must be an absolute path`);
  if (!isBind && source !== "") checkVolumeName(source);
  return {
    volume: {
      type: isBind ? "bind" : "volume",
      source: source === "" ? undefined : source,
      target,
      isReadOnly: mount.isReadOnly,
      createSource: !isBind || readSwitch(mount, "bind-create-src"),
      noCopy: readSwitch(mount, "volume-nocopy"),
      options: bindOptions(mount),
      driver: mount.fields.get("volume-driver"),
      driverOptions: Object.fromEntries(mount.driverOptions),
      labels: Object.fromEntries(mount.labels),
    },
  };
}

function readFields(text: string): MountDraft {
  const mount: MountDraft = {
    type: "volume",
    source: "",
    target: "",
    isReadOnly: false,
    fields: new Map(),
    labels: new Map(),
    driverOptions: new Map(),
  };
  if (text.trim() === "") throw new Error("value is empty");
  for (const field of parseCsvLine(text)) {
    const [spelled, value, hasValue] = cutPair(field);
    const lower = spelled.toLowerCase();
    const key = Object.hasOwn(synonyms, lower) ? synonyms[lower]! : lower;
    if (!(mountKeys as readonly string[]).includes(key)) {
      const meant = nearest(key, mountKeys);
      throw new Error(
        `unexpected key '${spelled}' in '${field}'${meant === undefined ? "" : `; did you mean ${meant}?`}`,
      );
    }
    if (!hasValue && !switches.has(key)) throw new Error(`invalid field '${field}' must be a key=value pair`);
    if (switches.has(key) && hasValue) checkSwitch(key, value);
    if (key === "type") mount.type = value.toLowerCase();
    else if (key === "source") mount.source = value;
    else if (key === "target") mount.target = value;
    else if (key === "readonly") mount.isReadOnly = !hasValue || parseSwitch(value);
    else if (key === "volume-label") putPair(mount.labels, value);
    else if (key === "volume-opt") putPair(mount.driverOptions, value);
    else mount.fields.set(key, hasValue ? value : "true");
    if (key === "volume-label" || key === "volume-opt") mount.fields.set(key, "");
  }
  return mount;
}

function checkSwitch(key: string, value: string): void {
  try {
    parseSwitch(value);
  } catch {
    throw new Error(`invalid value for ${key}: ${value}`);
  }
}

function checkTypes(mount: MountDraft): void {
  if (mount.type === "") throw new Error("type is required");
  if (["image", "npipe", "cluster"].includes(mount.type)) {
    throw new RefusedFlag(
      `nmzc makes no mounts of type ${mount.type}`,
      "use type=bind, type=volume or type=tmpfs",
    );
  }
  if (!["bind", "volume", "tmpfs"].includes(mount.type))
    throw new Error(`mount type unknown: "${mount.type}"`);
  if (mount.target === "") throw new Error("target is required");
  for (const key of mount.fields.keys()) {
    const owner = /^(bind|volume|tmpfs|image)-/.exec(key)?.[1];
    if (owner !== undefined && owner !== mount.type) {
      throw new Error(`cannot mix '${owner}-*' options with mount type '${mount.type}'`);
    }
  }
  if (mount.fields.has("volume-subpath")) {
    throw new RefusedFlag(
      "nmzc mounts whole volumes",
      "mount the volume, or the folder in it with type=bind",
    );
  }
}

function bindOptions(mount: MountDraft): readonly string[] {
  const options: string[] = [];
  const propagation = mount.fields.get("bind-propagation")?.toLowerCase();
  if (propagation !== undefined) {
    if (!/^r?(private|shared|slave)$/.test(propagation))
      throw new Error(`invalid propagation mode: ${propagation}`);
    options.push(propagation);
  }
  const recursive = mount.fields.get("bind-recursive");
  if (recursive !== undefined && !["enabled", "disabled", "writable", "readonly"].includes(recursive)) {
    throw new Error(
      `invalid value for bind-recursive: ${recursive} (must be "enabled", "disabled", "writable", or "readonly")`,
    );
  }
  if ((recursive !== undefined && recursive !== "enabled") || readSwitch(mount, "bind-nonrecursive")) {
    throw new RefusedFlag("the fs inspector serves what is mounted below the folder just as it is");
  }
  return options;
}

function tmpfsOf(mount: MountDraft, target: string): MountBody {
  const size = mount.fields.get("tmpfs-size");
  const mode = mount.fields.get("tmpfs-mode");
  if (mount.source !== "") throw new Error("a tmpfs has no source");
  if (mode !== undefined && !/^[0-7]{1,11}$/.test(mode))
    throw new Error(`invalid value for tmpfs-mode: ${mode}`);
  return {
    Type: "tmpfs",
    Target: target,
    ...(mount.isReadOnly ? { ReadOnly: true } : {}),
    ...(size === undefined && mode === undefined
      ? {}
      : {
          TmpfsOptions: {
            ...(size === undefined ? {} : { SizeBytes: parseBytes(size) }),
            ...(mode === undefined ? {} : { Mode: Number.parseInt(mode, 8) }),
          },
        }),
  };
}

function readSwitch(mount: MountDraft, key: string): boolean {
  const value = mount.fields.get(key);
  return value !== undefined && parseSwitch(value);
}

function putPair(map: Map<string, string>, text: string): void {
  const [key, value] = cutPair(text);
  if (key !== "") map.set(key, value);
}
