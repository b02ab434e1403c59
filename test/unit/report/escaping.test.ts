import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { embedJson, escapeHtml } from "../../../src/report/index.js";
import { escapeXml } from "../../../src/report/junit/escape-xml.js";
import { cellText, codeBlock, codeSpan } from "../../../src/report/markdown/markdown-text.js";

describe("embedJson", () => {
  it("has nothing in it that ends or changes a script element, and reads as what it was", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = embedJson(value);
        expect(text).not.toMatch(/[<>&\u2028\u2029]/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(embedJson("</script><!--")).toBe('"\\u003c/script\\u003e\\u003c!--"');
  });
});

describe("escapeHtml", () => {
  it("leaves no character that means something in text or an attribute", () => {
    expect(escapeHtml(`<a title='"&'>`)).toBe("&#60;a title=&#39;&#34;&#38;&#39;&#62;");
  });
});

describe("escapeXml", () => {
  it("writes what XML has no place for as U+FFFD, and keeps line breaks in attributes", () => {
    expect(escapeXml("\u0000\u001b\ud800\ufffe<]]>&\n😀")).toBe(
      "\ufffd\ufffd\ufffd\ufffd&#60;]]&#62;&#38;&#10;😀",
    );
  });
});

describe("codeSpan", () => {
  it("has a fence that is longer than any in it", () => {
    expect(codeSpan("a``b`c")).toBe("```a``b`c```");
    expect(codeSpan("`a")).toBe("`` `a ``");
  });

  it("stays on its line, and says that there is nothing", () => {
    expect(codeSpan("a\n| b")).toBe("`a | b`");
    expect(codeSpan(" \n")).toBe("–");
  });
});

describe("cellText", () => {
  it("does not end its cell", () => {
    expect(cellText("a|b")).toBe("`a\\|b`");
  });
});

describe("codeBlock", () => {
  it("cannot be left by what is in it", () => {
    expect(codeBlock("```\n````\nrm")).toBe("`````\n```\n````\nrm\n`````");
  });
});
