import { parse, TomlError } from "smol-toml";
import { messageOf } from "../../util/index.js";
import { ConfigSyntaxError, type ParsedFile } from "./parsed-file.js";
import { scanTomlPositions } from "./toml-positions.js";

export function parseToml(text: string): ParsedFile {
  try {
    return { data: parse(text), positions: scanTomlPositions(text) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw new ConfigSyntaxError(messageOf(error), 1, 1);
    // smol-toml adds a picture of the place on further lines; the loader draws its own.
    const reason = error.message.split("\n", 1)[0]!.replace(/^Invalid TOML document: /, "");
    throw new ConfigSyntaxError(reason, error.line, error.column);
  }
}
