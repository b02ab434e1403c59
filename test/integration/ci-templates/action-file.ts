import { readFileSync } from "node:fs";
import { parse } from "yaml";

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly required?: boolean }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

export function readAction(): ActionFile {
  return parse(readFileSync("action.yml", "utf8")) as ActionFile;
}

/** What expressions see: inputs.image, steps.loop.outputs.X, github.ref_name; without a value, empty. */
export type Contexts = Readonly<Record<string, string | undefined>>;

/** Text with its expressions, as GitHub replaces them. */
export function expand(text: string, contexts: Contexts): string {
  return text.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => String(evaluate(expression, contexts)));
}

/** Of the language what action.yml uses: contexts, strings, == != && || (), always(), format(), toJSON(matrix). */
export function evaluate(expression: string, contexts: Contexts): unknown {
  const tokens = /'(?:[^']|'')*'|[\w-]+(?:\.[\w-]+)+|\w+\(|\bmatrix\b|==|!=|&&|\|\||[(),]/g;
  const rest = expression.replace(tokens, "").trim();
  if (rest !== "") throw new Error(`the tests know no ${rest} in an expression`);
  const script = expression.replace(tokens, (token) => {
    if (token.startsWith("'")) return JSON.stringify(token.slice(1, -1).replaceAll("''", "'"));
    if (/^\w+\($/.test(token)) return `functions.${token}`;
    return token.includes(".") || token === "matrix" ? `(contexts[${JSON.stringify(token)}] ?? "")` : token;
  });
  const functions = {
    always: () => true,
    toJSON: (value: unknown) => JSON.stringify(value),
    format: (text: string, ...values: string[]) =>
      text.replace(/\{(\d)\}/g, (_, index: string) => values[Number(index)] ?? ""),
  };
  return new Function("contexts", "functions", `return ${script}`)(contexts, functions);
}
