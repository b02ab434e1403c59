import { describe, expect, it } from "vitest";
import { streamOf } from "../../../src/policy/stream-of.js";
import { FilesystemEvent, JavaFunctionEvent } from "../../../src/signal/index.js";
import { packet } from "./policy-harness.js";

describe("streamOf", () => {
  it.each([
    ["tcp:output:local>10.0.0.3:80:syn", "tcp:output:local>10.0.0.3:80"],
    ["tcp:output:local>10.0.0.3:80:data:12/9f3c", "tcp:output:local>10.0.0.3:80"],
    ["tcp:input:10.0.0.3:80>local:ack", "tcp:input:10.0.0.3:80>local"],
    ["tcp:output:local>fd00::3:80:data:1f", "tcp:output:local>fd00::3:80"],
    ["udp:output:local>10.0.0.3:53:9f3c", "udp:output:local>10.0.0.3:53"],
    ["udp:output:local>10.0.0.3:", "udp:output:local>10.0.0.3"],
  ])("takes %s for a packet of %s", (hint, stream) => {
    expect(streamOf(packet(hint))).toBe(`net|PacketEvent|${stream}`);
  });

  it("goes by the ends where the hint is somebody else's", () => {
    expect(streamOf(packet("anything"))).toBe("net|PacketEvent|entity-10.0.0.1:1>entity-10.0.0.2:2");
  });

  it("goes by file and by function", () => {
    expect(streamOf(new FilesystemEvent("fs", "pre-fsync", "a/b"))).toBe("fs|FilesystemEvent|a/b");
    const call = { type: "call", functionName: "com.example.Foo#bar" } as const;
    expect(streamOf(new JavaFunctionEvent("jvm", call))).toBe("jvm|JavaFunctionEvent|com.example.Foo#bar");
  });
});
