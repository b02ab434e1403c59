import { SaxesParser, type SaxesTagPlain } from "saxes";
import { messageOf } from "../../../util/index.js";
import { cutShort, malformed } from "../read-problem.js";
import type { ReadRequest } from "../test-reader.js";
import type { BoundedText } from "../text-limits.js";
import { caseName } from "./case-name.js";
import { OpenCase } from "./open-case.js";
import { ShortSections } from "./short-sections.js";

/** A failure's text beyond this is not parsed: eight times what is kept. */
const maximumSectionLength = 128 * 1024;
/** One tag with its attributes, or one text. */
const maximumTokenLength = 8 * 1024 * 1024;
const maximumDepth = 100;

/** failure and error: of the JUnit format itself. The others: surefire's and nextest's, of attempts that another one followed. */
const failureElements = new Set([
  "failure",
  "error",
  "rerunFailure",
  "rerunError",
  "flakyFailure",
  "flakyError",
]);

/** What the program under test printed. */
const outputElements = new Set(["system-out", "system-err"]);

/** Ends the parsing: saxes goes on after an error otherwise. */
class NotWellFormed extends Error {}

/**
 * JUnit XML, which has no standard: suites in suites, cases in them, failures in those. Elements that are not known
 * (system-out, properties) are passed over. Entities but XML's own five are errors, so nothing is expanded or fetched.
 * Formats: maven-surefire-plugin's surefire-test-report.xsd, https://github.com/testmoapp/junitxml.
 */
export async function readJunit(request: ReadRequest): Promise<void> {
  const document = new JunitDocument(request);
  const sections = new ShortSections(maximumSectionLength);
  for await (const chunk of request.chunks) document.write(sections.filter(chunk));
  document.write(sections.end());
  document.close();
}

class JunitDocument {
  readonly #parser = new SaxesParser({ position: true });
  /** Names of the elements that are open. */
  readonly #open: string[] = [];
  readonly #suites: string[] = [];
  #suiteFailure: OpenCase | undefined;
  #case: OpenCase | undefined;
  #text: BoundedText | undefined;
  /** How many elements deep the text that is collected began. */
  #textDepth = 0;
  #hasRoot = false;
  #tests = 0;
  #fed = 0;
  #lastToken = 0;

  constructor(readonly request: ReadRequest) {
    this.#parser.on("error", (error) => {
      throw new NotWellFormed(messageOf(error));
    });
    this.#parser.on("opentag", (tag) => this.#opened(tag as SaxesTagPlain));
    this.#parser.on("closetag", (tag) => this.#closed(tag.name));
    this.#parser.on("cdata", (text) => this.#addText(text));
  }

  write(text: string): void {
    this.#fed += text.length;
    try {
      this.#parser.write(text);
    } catch (error) {
      throw this.#malformed(error);
    }
    const isReadingText = this.#text !== undefined || this.#open.length === 0;
    if (this.#fed - this.#lastToken > maximumTokenLength && isReadingText) {
      throw this.#malformed(
        new NotWellFormed(`one piece of it is longer than ${maximumTokenLength >>> 20} MiB`),
      );
    }
  }

  close(): void {
    if (this.#open.length > 0 || !this.#hasRoot) {
      const { line, column } = this.#parser;
      this.request.onWarning(cutShort(this.request.source, `line ${line}, column ${column}`, this.#tests));
      return;
    }
    try {
      this.#parser.close();
    } catch (error) {
      throw this.#malformed(error);
    }
  }

  #opened(tag: SaxesTagPlain): void {
    this.#lastToken = this.#fed;
    const { name, attributes } = tag;
    this.#open.push(name);
    this.#hasRoot = true;
    if (this.#open.length > maximumDepth)
      throw new NotWellFormed(`elements are nested deeper than ${maximumDepth}`);
    if (this.#text !== undefined) return;
    if (name === "testsuite") this.#suites.push(attributes["name"] ?? "");
    else if (name === "testcase") this.#startCase(attributes);
    else if (name === "skipped" && this.#case !== undefined) this.#case.skip(attributes["type"]);
    else if (failureElements.has(name)) this.#startFailure(attributes);
    else if (outputElements.has(name) && this.#open.at(-2) === "testcase")
      this.#collect(this.#case?.startOutput());
  }

  #startCase(attributes: Readonly<Record<string, string>>): void {
    const name = caseName(
      this.#suites,
      attributes["classname"]?.trim() ?? "",
      attributes["name"]?.trim() ?? "",
    );
    this.#case = new OpenCase(name, attributes);
  }

  /** Of a case, or of a suite that failed before its first case. */
  #startFailure(attributes: Readonly<Record<string, string>>): void {
    const parent = this.#open.at(-2);
    if (parent === "testsuite") this.#suiteFailure ??= new OpenCase(this.#suites.at(-1) || "?", {});
    const owner =
      parent === "testcase" ? this.#case : parent === "testsuite" ? this.#suiteFailure : undefined;
    if (owner === undefined) return;
    this.#collect(owner.startFailure(attributes));
  }

  #collect(text: BoundedText | undefined): void {
    if (text === undefined) return;
    this.#text = text;
    this.#textDepth = this.#open.length;
    // Without a handler the parser keeps no text, so a log of any size between the cases costs nothing.
    this.#parser.on("text", (piece) => this.#addText(piece));
  }

  #addText(text: string): void {
    this.#lastToken = this.#fed;
    // surefire puts what the program printed into failures too.
    const isOutput = this.#open.length > this.#textDepth && outputElements.has(this.#open.at(-1) ?? "");
    if (!isOutput) this.#text?.add(text);
  }

  #closed(name: string): void {
    this.#lastToken = this.#fed;
    if (this.#text !== undefined && this.#open.length === this.#textDepth) {
      this.#text = undefined;
      this.#parser.off("text");
    } else if (this.#text === undefined && name === "testcase") {
      this.#report(this.#case);
      this.#case = undefined;
    } else if (this.#text === undefined && name === "testsuite") {
      this.#suites.pop();
      this.#report(this.#suiteFailure);
      this.#suiteFailure = undefined;
    }
    this.#open.pop();
  }

  #report(test: OpenCase | undefined): void {
    if (test === undefined) return;
    this.#tests++;
    this.request.onTest(test.close());
  }

  #malformed(error: unknown): unknown {
    if (!(error instanceof NotWellFormed)) return error;
    const { line, column } = this.#parser;
    const why = error.message.replace(/^(?:\d+:\d+: )?/, "");
    return malformed(this.request.source, `line ${line}, column ${column}`, why, error);
  }
}
