import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineSplitter } from "../../../../src/inspector/syslog/line-splitter.js";

function split(chunks: readonly (string | Uint8Array)[], maxBytes = 1000) {
  const lines: string[] = [];
  const splitter = new LineSplitter(maxBytes, ({ bytes, isCut }) =>
    lines.push(`${Buffer.from(bytes).toString("latin1")}${isCut ? "…" : ""}`),
  );
  for (const chunk of chunks) splitter.push(Buffer.from(chunk as string, "latin1"));
  const isInside = splitter.isInside;
  splitter.end();
  return { lines, isInside };
}

describe("LineSplitter", () => {
  it("cuts at line feeds and NULs, and passes nothing on where nothing is", () => {
    expect(split(["<1>a\n<1>b\r\n\n\0<1>c\0"]).lines).toEqual(["<1>a", "<1>b\r", "<1>c"]);
  });

  it("takes counted messages, line feeds and all", () => {
    expect(split(["6 <1>a\nb7 <1>cdef"]).lines).toEqual(["<1>a\nb", "<1>cdef"]);
  });

  it("decides for each message anew how it is framed", () => {
    expect(split(["4 <1>a<1>b\n4 <1>c"]).lines).toEqual(["<1>a", "<1>b", "<1>c"]);
  });

  it("takes a number that no '<' follows for the beginning of a line", () => {
    expect(split(["2026 was a year\n0 <1>\n12345678 <1>\n"]).lines).toEqual([
      "2026 was a year",
      "0 <1>",
      "12345678 <1>",
    ]);
  });

  it("passes on what came of the last message when the connection ends", () => {
    expect(split(["<1>a\n<1>b"])).toEqual({ lines: ["<1>a", "<1>b"], isInside: true });
    expect(split(["9 <1>a"])).toEqual({ lines: ["<1>a"], isInside: true });
    expect(split(["12"])).toEqual({ lines: ["12"], isInside: true });
    expect(split(["<1>a\n"])).toEqual({ lines: ["<1>a"], isInside: false });
  });

  it("keeps the first bytes of what is too long, and finds the next message", () => {
    expect(split([`${"x".repeat(50)}\n<1>b\n`], 10).lines).toEqual([`${"x".repeat(10)}…`, "<1>b"]);
    expect(split([`50 <1>${"x".repeat(47)}<1>b\n`], 10).lines).toEqual([`<1>${"x".repeat(7)}…`, "<1>b"]);
  });

  it("finds the same messages however the bytes are cut into chunks", () => {
    const message = fc
      .string({ unit: fc.constantFrom("a", "<", "1", " ", "é", ">"), maxLength: 30 })
      .map((text) => `<1>${text}`);
    const framed = fc.record({ message, isCounted: fc.boolean() });
    fc.assert(
      fc.property(fc.array(framed), fc.array(fc.integer({ min: 1, max: 7 })), (messages, cuts) => {
        const bytes = Buffer.concat(
          messages.map(({ message, isCounted }) => {
            const body = Buffer.from(message);
            return isCounted
              ? Buffer.concat([Buffer.from(`${body.length} `), body])
              : Buffer.from(`${message}\n`);
          }),
        );
        const lines: string[] = [];
        const splitter = new LineSplitter(1000, (line) => lines.push(Buffer.from(line.bytes).toString()));
        let at = 0;
        for (const cut of cuts) {
          splitter.push(bytes.subarray(at, at + cut));
          at += cut;
        }
        splitter.push(bytes.subarray(at));
        expect(splitter.isInside).toBe(false);
        expect(lines).toEqual(messages.map((framed) => framed.message));
      }),
    );
  });
});
