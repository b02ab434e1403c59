import type { KeyProblem, KeyTable, ValuesOf } from "../config/index.js";
import { NmzError } from "../util/index.js";
import { type AuthorContext, authorContext } from "./author-context.js";
import type { Policy } from "./policy.js";
import type { PolicyEntry } from "./policy-entry.js";

/** A policy as its author writes it. */
export interface PolicyDefinition<T extends KeyTable> {
  /** A word: letters, digits, `.`, `_`, `-`. */
  readonly name: string;
  /** One sentence, for `nmz policies`. */
  readonly summary?: string;
  /** The keys of `explorePolicyParam`, by name: `{ maxDelay: duration(80, { meaning: "…" }) }`. */
  readonly params?: T;
  /** What no single key can say, such as an upper bound below the lower one. Only called when each key is right. */
  readonly check?: (values: ValuesOf<T>) => KeyProblem | undefined;
  /** What is legal but has no effect: one sentence each. */
  readonly warnings?: (values: ValuesOf<T>) => readonly string[];
  /** How long a promised answer is waited for before the event is let go. Default 10,000. */
  readonly answerWithinMs?: number;
  /** Called once a run. `context.params` are the values of `params`, each read and checked. */
  readonly create: (context: AuthorContext<ValuesOf<T>>) => Omit<Policy, "name" | "answerWithinMs">;
}

/** Marks what `definePolicy` made, also across two copies of this module. */
const mark = Symbol.for("nmzc.policy");

/**
 * Makes a policy of its definition; a file exports it. Throws NMZ_POLICY_DEFINITION for what TypeScript would have
 * refused.
 */
export function definePolicy<T extends KeyTable>(definition: PolicyDefinition<T>): PolicyEntry {
  requireDefinition(definition);
  const { name, summary = "", params = {}, create, answerWithinMs, ...checks } = definition;
  const own = answerWithinMs === undefined ? { name } : { name, answerWithinMs };
  const entry = {
    ...checks,
    [mark]: true,
    name,
    summary,
    params,
    create: ((values, context): Policy => {
      const body = create(authorContext(values as ValuesOf<T>, context));
      if (typeof body?.onEvent !== "function")
        throw wrong(name, "create returned no { onEvent(event) { … } }");
      return { ...own, onEvent: (event) => body.onEvent(event), close: () => body.close?.() };
    }) satisfies PolicyEntry["create"],
  };
  return Object.freeze(entry) as unknown as PolicyEntry;
}

/** Whether a value is what `definePolicy` returns. */
export function isPolicyEntry(value: unknown): value is PolicyEntry {
  return typeof value === "object" && value !== null && (value as { [mark]?: unknown })[mark] === true;
}

function requireDefinition(definition: unknown): void {
  const { name, params = {}, create, answerWithinMs } = (definition ?? {}) as Record<string, unknown>;
  if (typeof name !== "string" || !/^[\w.-]+$/.test(name)) {
    throw wrong(String(name), "its name must be a word of letters, digits, '.', '_' and '-'");
  }
  if (typeof create !== "function") throw wrong(name, "it has no function create(context)");
  if (answerWithinMs !== undefined && !(Number(answerWithinMs) > 0 && Number.isFinite(answerWithinMs))) {
    throw wrong(name, "answerWithinMs must be a number of milliseconds above 0");
  }
  for (const [key, spec] of Object.entries(params as KeyTable)) {
    if (typeof spec?.read === "function") continue;
    throw wrong(
      name,
      `params.${key} is no kind of key: use duration(…), probability(…), integer(…), text(…)`,
    );
  }
}

function wrong(name: string, what: string): NmzError {
  return new NmzError("NMZ_POLICY_DEFINITION", `policy "${name}": ${what}`, {
    hint: "docs/write-a-policy.md shows a whole one",
  });
}
