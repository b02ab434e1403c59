import { createRequire } from "node:module";
import { dirname } from "node:path";
import * as nmzc from "../index.js";
import { isPolicyEntry, type PolicyEntry } from "../policy/index.js";
import { messageOf, NmzError } from "../util/index.js";

/** What is used of jiti (https://github.com/unjs/jiti). */
interface Jiti {
  createJiti(folder: string, options: object): { import(file: string): Promise<unknown> };
}

const require = createRequire(import.meta.url);

/**
 * The policy that a file of TypeScript or JavaScript exports, as its default or as its only one. Inside it,
 * `import … from "nmzc"` is this very program, whether or not a package of that name is installed beside it.
 */
export async function loadPolicyFile(file: string): Promise<PolicyEntry> {
  const exported = await importFile(file);
  const found = policiesAmong(exported);
  if (found.length === 1) return found[0]!;
  const names = Object.keys(exported).join(", ") || "nothing";
  throw new NmzError(
    "NMZ_POLICY_FILE_EXPORT",
    found.length === 0
      ? `"${file}" exports no policy (it exports ${names})`
      : `"${file}" exports ${found.length} policies (${found.map(({ name }) => name).join(", ")})`,
    { hint: "write `export default definePolicy({ … })`; docs/write-a-policy.md shows a whole one" },
  );
}

function policiesAmong(exported: Readonly<Record<string, unknown>>): PolicyEntry[] {
  if (isPolicyEntry(exported)) return [exported]; // module.exports = definePolicy(…)
  const byDefault = exported["default"];
  if (isPolicyEntry(byDefault)) return [byDefault];
  return [...new Set(Object.values(exported).filter(isPolicyEntry))];
}

async function importFile(file: string): Promise<Readonly<Record<string, unknown>>> {
  // Neither cache: a folder in /tmp that others may write to is no place for code that runs as root.
  const jiti = (require("jiti") as Jiti).createJiti(dirname(file), {
    virtualModules: { nmzc },
    fsCache: false,
    moduleCache: false,
    interopDefault: false,
  });
  try {
    const exported: unknown = await jiti.import(file);
    return typeof exported === "object" && exported !== null ? (exported as Record<string, unknown>) : {};
  } catch (error) {
    throw loadFailure(file, error);
  }
}

function loadFailure(file: string, error: unknown): NmzError {
  const message = messageOf(error);
  const syntax = /ParseError: (.*?)\s*\n\s*(\S.*:\d+:\d+)/.exec(message);
  if (syntax !== null) {
    return new NmzError("NMZ_POLICY_FILE_SYNTAX", `${syntax[2]}: ${syntax[1]}`, {
      hint: "mend the policy's file: it could not be read as TypeScript",
      cause: error,
    });
  }
  const where = error instanceof Error ? lineIn(file, error.stack) : undefined;
  const hint = error instanceof NmzError && error.hint !== undefined ? error.hint : undefined;
  return new NmzError("NMZ_POLICY_FILE_LOAD", `${where ?? file}: it threw while it was loaded: ${message}`, {
    hint: hint ?? "whatever a policy needs from outside must be there when it is loaded",
    cause: error,
  });
}

/** `mypolicy.ts:4:7`: the first place of the stack that is in the file itself. */
function lineIn(file: string, stack: string | undefined): string | undefined {
  const at = stack?.indexOf(`${file}:`) ?? -1;
  return at < 0 ? undefined : /^[^\n)]*?:\d+:\d+/.exec(stack!.slice(at))?.[0];
}
