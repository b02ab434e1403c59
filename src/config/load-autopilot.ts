import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { messageOf, NmzError } from "../util/index.js";
import { buildLoadedAutopilot } from "./build-autopilot.js";
import { describeProblem } from "./key-problem.js";
import { isPlainTable, type KeyPath } from "./key-table.js";
import type { LoadedAutopilot, PolicyTables } from "./loaded-autopilot.js";
import { ConfigSyntaxError, type ParsedFile, parseJson, parseToml, parseYaml } from "./parse/index.js";

type Format = "toml" | "yaml" | "json";

const formatOfExtension: Readonly<Record<string, Format>> = {
  ".toml": "toml",
  ".yaml": "yaml",
  ".yml": "yaml",
  ".json": "json",
};

const parsers: Readonly<Record<Format, (text: string) => ParsedFile>> = {
  toml: parseToml,
  yaml: parseYaml,
  json: parseJson,
};

/** An autopilot that was read, and is not checked yet. */
export interface ReadAutopilot {
  /** What it says of `explorePolicy`, if that is a string: whoever has the policies may have to load it first. */
  readonly explorePolicy: string | undefined;
  /** Where a key stands. */
  readonly lineOf: (key: string) => number;
  /** The typed object. With policies, the parameters of the one that it names are checked too. Throws NMZ_CONFIG_INVALID. */
  check(policies?: PolicyTables): LoadedAutopilot;
}

/**
 * Reads an autopilot. What the file does not say is Namazu's default, key by key. With `policies` (the registry of
 * src/policy) the policy's parameters are checked too. Throws NMZ_CONFIG_UNREADABLE, NMZ_CONFIG_FORMAT, NMZ_CONFIG_SYNTAX
 * (line, column and the line itself) and NMZ_CONFIG_INVALID (everything that is wrong, one problem a line).
 */
export function loadAutopilot(file: string, policies?: PolicyTables): LoadedAutopilot {
  return readAutopilot(file).check(policies);
}

/** The first half of `loadAutopilot`. Throws NMZ_CONFIG_UNREADABLE, NMZ_CONFIG_FORMAT and NMZ_CONFIG_SYNTAX. */
export function readAutopilot(file: string): ReadAutopilot {
  const format = formatOf(file);
  return readAutopilotText(readText(file), format, file);
}

/** The data of a config, whatever its kind and shape. Throws as readAutopilot does. */
export function readConfigData(file: string): unknown {
  const format = formatOf(file);
  return parseText(readText(file), format, file).data;
}

function formatOf(file: string): Format {
  const format = formatOfExtension[extname(file).toLowerCase()];
  if (format !== undefined) return format;
  throw new NmzError("NMZ_CONFIG_FORMAT", `cannot tell what kind of file the config "${file}" is`, {
    hint: "name it .toml, .yaml, .yml or .json",
  });
}

/** The same for a text at hand; `file` is what messages call it. */
export function parseAutopilot(
  text: string,
  format: Format,
  file: string,
  policies?: PolicyTables,
): LoadedAutopilot {
  return readAutopilotText(text, format, file).check(policies);
}

function readAutopilotText(text: string, format: Format, file: string): ReadAutopilot {
  const { data, positions } = parseText(text, format, file);
  if (!isPlainTable(data)) {
    throw new NmzError("NMZ_CONFIG_INVALID", `${file}: expected a table of keys at the top level`, {
      hint: "docs/config.md lists every key",
    });
  }
  const lineAt = (path: KeyPath): number => positions.lineOf(path) ?? 1;
  const nameOf = (key: string): string =>
    Object.keys(data).find((name) => name.toLowerCase() === key.toLowerCase()) ?? key;
  const written = data[nameOf("explorePolicy")];
  return {
    explorePolicy: typeof written === "string" ? written : undefined,
    lineOf: (key) => lineAt([nameOf(key)]),
    check: (policies) => checkAutopilot(data, format, file, lineAt, policies),
  };
}

function checkAutopilot(
  data: Readonly<Record<string, unknown>>,
  format: Format,
  file: string,
  lineAt: (path: KeyPath) => number,
  policies: PolicyTables | undefined,
): LoadedAutopilot {
  const { loaded, problems } = buildLoadedAutopilot(
    data,
    format,
    (path) => ({ kind: "file", file, line: lineAt(path) }),
    policies,
  );
  if (problems.length === 0) return loaded;
  const lines = problems.map((problem) => ({ line: lineAt(problem.path), problem }));
  lines.sort((a, b) => a.line - b.line);
  throw new NmzError(
    "NMZ_CONFIG_INVALID",
    lines.map(({ line, problem }) => `${file}:${line}: ${describeProblem(problem)}`).join("\n"),
    { hint: "docs/config.md lists every key with its type and default" },
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new NmzError("NMZ_CONFIG_UNREADABLE", `cannot read the config "${file}": ${messageOf(error)}`, {
      hint: "give the path of a readable .toml, .yaml or .json file",
      cause: error,
    });
  }
}

function parseText(text: string, format: Format, file: string): ParsedFile {
  const withoutMark = text.startsWith("\ufeff") ? text.slice(1) : text;
  try {
    return parsers[format](withoutMark);
  } catch (error) {
    if (!(error instanceof ConfigSyntaxError)) throw error;
    const { line, column, message } = error;
    const shownLine = (withoutMark.split("\n")[line - 1] ?? "").replaceAll("\r", "").replaceAll("\t", " ");
    const picture = `  ${line} | ${shownLine}\n  ${" ".repeat(String(line).length)} | ${" ".repeat(column - 1)}^`;
    throw new NmzError("NMZ_CONFIG_SYNTAX", `${file}:${line}:${column}: ${message}\n${picture}`, {
      hint: `the file must be valid ${format.toUpperCase()}`,
      cause: error,
    });
  }
}
