import fc from "fast-check";
import { describe } from "vitest";
import {
  parseBytes,
  parseCsvLine,
  parseDurationNs,
  parseInteger,
  parseIpAddress,
  parseNanoCpus,
  readFlags,
} from "../../../src/cli/flags/index.js";
import { parseByteThrottle, parseDevice } from "../../../src/cli/run/device-spec.js";
import { parseRun, runFlagSections } from "../../../src/cli/run/index.js";
import { readKeyValueFile } from "../../../src/cli/run/key-value-file.js";
import { parseMount } from "../../../src/cli/run/mount-spec.js";
import { parseNetwork } from "../../../src/cli/run/network-spec.js";
import { parsePorts } from "../../../src/cli/run/port-spec.js";
import { parseUlimit } from "../../../src/cli/run/ulimit-spec.js";
import { parseVolume } from "../../../src/cli/run/volume-spec.js";
import { addJavaOption } from "../../../src/container/java/java-request.js";
import { DetachFilter, parseDetachKeys } from "../../../src/container/terminal/detach-keys.js";
import { NmzError } from "../../../src/util/index.js";
import { damagedText } from "./damage.js";
import { fuzz, onlyThrows } from "./fuzz.js";

const flags = runFlagSections.flatMap((section) => section.flags);
const rules = { path: "nmzc run", isInterspersed: false, hasShortHelp: false };

/** A parser of one value throws an Error with words for the user; TypeError and RangeError are nobody's words. */
function isSpecError(error: unknown): boolean {
  if (!(error instanceof Error) || error.message === "") return false;
  return !(error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError);
}

function isCommandLineError(error: unknown): boolean {
  if (!(error instanceof NmzError) || !/^NMZ_(CLI|TERMINAL|DURATION)_/.test(error.code)) return false;
  return error.cause === undefined || isSpecError(error.cause);
}

/** What goes to the engine goes as JSON, which writes infinity as null, and is read there into 64 bits. */
function checkSendable(value: unknown, path = "body"): void {
  if (typeof value === "number" && !(Math.abs(value) < 2 ** 63)) throw new TypeError(`${path} is ${value}`);
  if (typeof value !== "object" || value === null) return;
  const prototype = Object.getPrototypeOf(value) as unknown;
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) {
    if (!(value instanceof Set || value instanceof Map)) throw new Error(`${path} has an odd prototype`);
  }
  for (const [key, member] of Object.entries(value)) checkSendable(member, `${path}.${key}`);
}

const values = [
  "1",
  "0",
  "-1",
  "true",
  "64k",
  "1.5g",
  "50%",
  "1m30s",
  "10s",
  "ubuntu",
  "a=b",
  "A=1",
  "HOME",
  "/a:/b:ro",
  "vol:/b",
  "/b",
  "./a:/b:rw,z",
  "type=bind,src=/a,dst=/b,ro",
  'type=volume,"volume-opt=a=b,c",dst=/x',
  "type=tmpfs,dst=/t,tmpfs-size=64m,tmpfs-mode=1777",
  "8080:80",
  "127.0.0.1:8000-8010:8000-8010/udp",
  "[::1]:53:53/udp",
  "published=1,target=2,protocol=tcp",
  "443",
  "bridge",
  "host",
  "none",
  "container:abc",
  "name=net,alias=web,ip=10.0.0.2,driver-opt=a=b",
  "10.0.0.1",
  "fe80::1",
  "02:42:ac:11:00:02",
  "/dev/sda:/dev/x:rwm",
  "/dev/sda:1mb",
  "/dev/sda:100",
  "nofile=1024:2048",
  "NET_ADMIN",
  "ALL",
  "seccomp=unconfined",
  "no-new-privileges",
  "label:disable",
  "systempaths=unconfined",
  "seccomp=profile.json",
  "ctrl-p,ctrl-q",
  "ctrl-@",
  "on-failure:3",
  "always",
  "json-file",
  "max-size=1m",
  "net.core.somaxconn=1024",
  "/run:rw,size=64m",
  "env",
  "env-file",
  "ethernet,fs",
  "stdout",
  "SIGTERM",
  "1000:1000",
  "0-3",
  "0,1",
  "all",
  "device=1,capabilities=gpu",
  "linux/arm64/v8",
] as const;
const marks = [":", ",", "=", "/", "-", ".", "[", "]", '"', "%", "@", " ", "\\", ...values];
const value = damagedText(values, marks, 512);

const files: Readonly<Record<string, string>> = { env: "A=1\nB=two\n#c\nHOME\n", "/cwd/profile.json": "{}" };
const surroundings = {
  env: { HOME: "/root", EMPTY: "" },
  cwd: "/cwd",
  readFile: (path: string) => {
    if (!Object.hasOwn(files, path)) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    return Buffer.from(files[path]!);
  },
};

const spelled = fc.tuple(fc.constantFrom(...flags), value, fc.nat(5)).map(([flag, text, way]) => {
  if (flag.placeholder === undefined) return way === 0 ? [`--${flag.name}=${text}`] : [`--${flag.name}`];
  if (way === 0 && flag.short !== undefined) return [`-${flag.short}${text}`];
  if (way === 1 && flag.short !== undefined) return [`-${flag.short}`, text];
  return way === 2 ? [`--${flag.name}`, text] : [`--${flag.name}=${text}`];
});
const words = fc.oneof(
  { arbitrary: spelled, weight: 12 },
  { arbitrary: value.map((text) => [text]), weight: 1 },
  { arbitrary: value.map((text) => [`--${text}`]), weight: 1 },
  { arbitrary: value.map((text) => [`-${text}`]), weight: 1 },
);
const commandLines = fc
  .tuple(
    fc.array(words, { maxLength: 4 }),
    fc.constantFrom(["ubuntu"], ["ubuntu", "sh", "-c", "x"], [], ["--", "a"]),
  )
  .map(([flagWords, image]) => [...flagWords.flat(), ...image]);

describe("Command lines", () => {
  fuzz("nmzc run", 30_000, commandLines, (argv) => {
    onlyThrows(() => {
      const read = readFlags(argv, flags, rules);
      if (read.wants !== undefined) return;
      const request = parseRun(read.uses, read.args, surroundings, rules);
      checkSendable(request.body);
      checkSendable(request.volumes, "volumes");
    }, isCommandLineError);
  });

  const one = <T>(
    name: string,
    inputs: number,
    corpus: readonly string[],
    parse: (text: string) => T,
  ): void => {
    fuzz(name, inputs, damagedText(corpus, marks), (text) => {
      const result = onlyThrows(() => parse(text), isSpecError);
      checkSendable(result, name);
    });
  };
  const like = (pattern: RegExp) => values.filter((text) => pattern.test(text));

  one("-v", 15_000, like(/:\//), (text) => parseVolume(text, "/cwd"));
  one("--mount", 15_000, like(/^type=/), (text) => parseMount(text, "/cwd"));
  one("-p", 6_000, like(/80|53|443|published/), (text) => parsePorts([text], []));
  one("--expose", 4_000, ["80", "1-3/udp"], (text) => parsePorts([], [text]));
  one("--network", 10_000, like(/net|name=/), parseNetwork);
  one("--device", 10_000, like(/\/dev/), parseDevice);
  one("--device-read-bps", 6_000, like(/\/dev/), parseByteThrottle);
  one("--ulimit", 6_000, like(/nofile/), parseUlimit);
  one("--detach-keys", 6_000, like(/ctrl/), parseDetachKeys);
  one("sizes", 10_000, ["512", "64k", "1.5g", "2GiB", "10 mb", "1e3m", "+1t"], (text) => {
    const bytes = parseBytes(text);
    if (bytes < 0) throw new TypeError(`${bytes} bytes`);
    return bytes;
  });
  const javaOptions = [
    "functions=a.B#c,a.B#d(int,long)@call",
    "timeout=30s",
    "classFilter=a.B",
    "script:env",
  ];
  one("--nmz-java", 10_000, javaOptions, (text) => addJavaOption(undefined, text, surroundings.readFile));
  one("numbers of CPUs", 10_000, ["1.5", "3/2", "5e-1", "-2", ".5"], parseNanoCpus);
  one("integers", 10_000, ["10", "-1", "0x10", "0o17", "017", "0b11", "+5"], (text) => parseInteger(text));
  one("durations in flags", 10_000, ["80ms", "1m30s", "1h", "0", ".5s"], parseDurationNs);
  one("IP addresses", 10_000, ["10.0.0.1", "::ffff:10.0.0.1", "fe80::1", "2001:db8::1"], parseIpAddress);
  one("CSV", 10_000, ['a,"b ""c""",d', "x=1,y=2", ""], (text) => {
    const fields = parseCsvLine(text);
    const written = fields.map((field) => `"${field.replaceAll('"', '""')}"`).join();
    if (parseCsvLine(written).join("\u0001") !== fields.join("\u0001")) throw new TypeError(written);
  });

  const envFile = "\ufeff# comment\nA=1\n  B=two words \nHOME\nMISSING\nC='quoted'\r\n\nD=\n";
  fuzz(
    "--env-file",
    15_000,
    damagedText([envFile], ["=", "\n", "#", " ", "\r", "\ufeff", "A", "HOME"]),
    (text) => {
      const source = { ...surroundings, readFile: () => Buffer.from(text) };
      const pairs = onlyThrows(
        () => readKeyValueFile("file", source, () => "x"),
        (error) => {
          return (
            isSpecError(error) && /^file(, line \d+: | is not valid UTF-8)/.test((error as Error).message)
          );
        },
      );
      if (pairs?.some((pair) => !/^[^=]+=/s.test(pair))) throw new Error(JSON.stringify(pairs));
    },
  );

  const typed = fc.tuple(
    fc.array(fc.constantFrom(16, 17, 97), { minLength: 1, maxLength: 3 }),
    fc.array(fc.array(fc.constantFrom(16, 17, 97, 98), { maxLength: 6 }), { maxLength: 5 }),
  );
  fuzz("detach keys in what is typed", 20_000, typed, ([keys, chunks]) => {
    const filter = new DetachFilter(keys);
    const passed: number[] = [];
    let isDetached = false;
    for (const chunk of chunks) {
      const result = filter.push(Buffer.from(chunk));
      passed.push(...result.passed);
      isDetached = result.isDetached;
      if (isDetached) break;
    }
    if (isDetached) return;
    passed.push(...filter.flush());
    // Nothing is lost and nothing is made up, in the order in which it was typed.
    if (passed.join() !== chunks.flat().join())
      throw new Error(`${passed.join()} of ${chunks.flat().join()}`);
  });
});
