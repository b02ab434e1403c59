import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDockerConfig } from "../../../runtime/engine/docker-config.js";
import { EngineError } from "../../../runtime/engine/engine-error.js";
import { parseImageReference } from "../../../runtime/engine/image-reference.js";
import { describePorts } from "../../../runtime/engine/published-ports.js";
import { findCredentials } from "../../../runtime/engine/registry-credentials.js";
import { parseRegister } from "../../../runtime/kernel/cgroup/realtime-register.js";
import { progressBar } from "../../../src/container/pull/progress-bar.js";
import { ProgressDisplay } from "../../../src/container/pull/progress-display.js";
import { readOrigins } from "../../../src/container/volumes/resolve-volumes.js";
import { parseJournal } from "../../../src/journal/index.js";
import { damagedText } from "./damage.js";
import { damagedJson } from "./damaged-json.js";
import { fuzz, onlyThrows } from "./fuzz.js";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const dockerConfigs: readonly unknown[] = [
  {
    auths: {
      "https://index.docker.io/v1/": { auth: base64("jo:secret") },
      "localhost:5000": { username: "a", password: "b" },
    },
  },
  {
    auths: { "ghcr.io": { identitytoken: "t", auth: "" } },
    currentContext: "default",
    detachKeys: "ctrl-x",
    HttpHeaders: {},
  },
  { auths: {}, psFormat: "table", plugins: { a: { b: "c" } } },
];
const isEngineError = (error: unknown) => error instanceof EngineError && error.message !== "";

describe("The engine's files and answers", () => {
  const configs = damagedJson(dockerConfigs, [
    "auths",
    "auth",
    "credsStore",
    "credHelpers",
    "username",
    "identitytoken",
    "localhost:5000",
  ]);
  fuzz("docker's config.json", 30_000, configs, (value) => {
    const config = onlyThrows(() => parseDockerConfig(JSON.stringify(value), "config.json"), isEngineError);
    if (config === undefined) return;
    // Helpers are programs: what would be asked of one is not asked here.
    const { credsStore: _, credHelpers: __, ...own } = config;
    for (const key of ["https://index.docker.io/v1/", "localhost:5000", "ghcr.io"]) {
      findCredentials(key, own, {}).then(
        (found) => {
          if (Object.values(found?.auth ?? {}).some((each) => typeof each !== "string"))
            broken.push(JSON.stringify(value));
        },
        (error: unknown) => {
          if (!isEngineError(error)) broken.push(`${JSON.stringify(value)}: ${String(error)}`);
        },
      );
    }
  });
  const broken: string[] = [];
  it("gives credentials that are strings, or says why not", () => {
    expect(broken).toEqual([]);
  });

  fuzz(
    "docker's config.json in damaged text",
    15_000,
    damagedText(
      dockerConfigs.map((each) => JSON.stringify(each)),
      ["{", "}", '"', ":", ",", "null", "auths"],
    ),
    (text) => {
      onlyThrows(
        () => parseDockerConfig(text, "config.json"),
        (error) => isEngineError(error) && (error as Error).message.startsWith("config.json is not valid"),
      );
    },
  );

  const references = [
    "ubuntu",
    "localhost:5000/a/b:1",
    "ghcr.io/x/y-z_w.v@sha256:".padEnd(90, "a"),
    "[::1]:5000/a",
    "Registry/a",
    "a__b/c--d:tag",
  ];
  fuzz(
    "image references",
    40_000,
    damagedText(references, ["/", ":", "@", ".", "_", "-", "sha256:", "[", "]", "A"]),
    (text) => {
      const reference = onlyThrows(
        () => parseImageReference(text),
        (error) => error instanceof EngineError && error.code === "INVALID_REFERENCE",
      );
      if (reference === undefined) return;
      // What it is called is what it is.
      const again = parseImageReference(reference.familiar);
      if (JSON.stringify(again) !== JSON.stringify(reference))
        throw new Error(`${text} is ${JSON.stringify(again)}`);
    },
  );

  const bindings = [
    {
      "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "8080" }],
      "81/tcp": [{ HostIp: "0.0.0.0", HostPort: "8081" }],
      "53/udp": null,
    },
  ];
  const ports = fc.dictionary(
    fc.constantFrom("80/tcp", "81/tcp", "82/tcp", "53/udp", "9/sctp", "__proto__"),
    fc.option(
      fc.array(
        fc.record({
          HostIp: fc.constantFrom("", "::", "0.0.0.0"),
          HostPort: fc.constantFrom("", "0", "80", "8080", "8081", "65536"),
        }),
        { maxLength: 3 },
      ),
      { nil: null },
    ),
  );
  fuzz("published ports", 5_000, fc.oneof(ports, fc.constantFrom(...bindings)), (value) => {
    describePorts(value);
  });

  const size = fc.oneof(fc.constantFrom(undefined, 0, -1, 1, 1e20, Number.NaN, 1000, 999.9), fc.nat());
  const progress = fc.record({
    id: fc.option(fc.string(), { nil: undefined }),
    status: fc.string(),
    currentBytes: size,
    totalBytes: size,
  });
  fuzz(
    "progress of a pull",
    10_000,
    fc.tuple(fc.array(progress, { maxLength: 5 }), fc.constantFrom(undefined, 0, 1, 40, 200), fc.boolean()),
    ([list, columns, isTTY]) => {
      let written = "";
      const output = {
        write: (text: string) => (written += text),
        isTTY,
        ...(columns === undefined ? {} : { columns }),
      };
      const display = new ProgressDisplay(output, "latest", "library/ubuntu");
      for (const each of list) {
        progressBar(each, columns ?? 0);
        display.show(each);
      }
      if (written.length > 20_000 || written.includes("undefined")) throw new Error(written);
    },
  );

  const origins = ['{"/data":"/srv/data","/x":"/y"}', "{}", "null"];
  fuzz("labels of volumes", 5_000, damagedText(origins, ["{", "}", '"', ":", ",", "[", "]", "1"]), (text) => {
    for (const [target, source] of readOrigins(text)) {
      if (typeof target !== "string" || typeof source !== "string") throw new Error(text);
    }
  });

  const journals: readonly unknown[] = [
    {
      nmzJournal: 1,
      runId: "0123456789ab",
      seed: "abc",
      pid: 42,
      startTicks: 4242,
      records: [
        { kind: "mount", path: "/run/nmzc/x/volume-0" },
        { kind: "folder", path: "/run/nmzc/x" },
        { kind: "container", id: "ab", remove: true },
        { kind: "volume", name: "v" },
        { kind: "packet-rules", netnsPath: "/proc/1/ns/net", queueNumber: 42 },
        { kind: "file-value", path: "/sys/x", value: "1" },
      ],
    },
  ];
  const words = ["kind", "path", "records", "mount", "folder", "nmzJournal", "pid"];
  fuzz("journals", 30_000, damagedJson(journals, words), (value) => {
    const journal = parseJournal(JSON.stringify(value));
    if (journal === undefined) return;
    for (const record of journal.records) {
      if (Object.values(record).some((field) => field === undefined)) throw new Error(JSON.stringify(record));
      if ("path" in record && typeof record.path !== "string") throw new Error(JSON.stringify(record));
    }
    if (typeof journal.pid !== "number" || typeof journal.runId !== "string")
      throw new Error("half a journal");
  });
  fuzz(
    "journals in damaged text",
    15_000,
    damagedText(
      journals.map((each) => JSON.stringify(each)),
      ["{", "}", "[", "]", '"', ",", ":", "null"],
    ),
    (text) => {
      parseJournal(text);
    },
  );

  const registers: readonly unknown[] = [
    {
      holders: [{ pid: 1, startTicks: 2, folder: "/sys/fs/cgroup/cpu/a", originalUs: 0 }],
      ancestors: { "/sys/fs/cgroup/cpu": 950000 },
    },
  ];
  fuzz(
    "registers of real-time groups",
    10_000,
    damagedJson(registers, ["holders", "ancestors", "pid", "folder"]),
    (value) => {
      const { holders, ancestors } = parseRegister(JSON.stringify(value));
      for (const { pid, folder } of holders)
        if (typeof pid !== "number" || typeof folder !== "string") throw new Error("half a holder");
      for (const value of Object.values(ancestors))
        if (typeof value !== "number") throw new Error("no number");
    },
  );
});
