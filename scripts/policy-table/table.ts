import { wilsonInterval } from "../../src/statistics/index.js";
import { eventPolicies, type Failure, threadPolicies } from "./failures.js";
import type { Result } from "./results.js";

/** Two Markdown tables, failures by policies: "k of n (low–high %)", the 95 % interval of Wilson. */
export function markdownTables(failures: readonly Failure[], results: readonly Result[]): string {
  const isThreads = (failure: Failure) => failure.policies.includes("extreme");
  const tables = [
    table(
      failures.filter((failure) => !isThreads(failure)),
      eventPolicies,
      results,
    ),
    table(failures.filter(isThreads), threadPolicies, results),
  ];
  return [...tables, ...remarks(failures, results)].filter((text) => text !== "").join("\n\n");
}

function table(
  failures: readonly Failure[],
  policies: readonly string[],
  results: readonly Result[],
): string {
  if (failures.length === 0) return "";
  const rows = failures.map(({ name, policies: tried }) => [
    `\`${name}\``,
    ...policies.map((policy) => (tried.includes(policy) ? cell(name, policy, results) : "–")),
  ]);
  const lines = [["failure", ...policies], ["---", ...policies.map(() => "---")], ...rows];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

function cell(failure: string, policy: string, results: readonly Result[]): string {
  const made = results.filter(
    (result) => result.failure === failure && result.policy === policy && result.result !== "broken",
  );
  if (made.length === 0) return "";
  const failed = made.filter(({ result }) => result === "failed").length;
  const { low, high } = wilsonInterval(failed, made.length);
  return `${failed} of ${made.length} (${Math.round(100 * low)}–${Math.round(100 * high)} %)`;
}

function remarks(failures: readonly Failure[], results: readonly Result[]): string[] {
  const lines: string[] = [];
  for (const { name } of failures) {
    for (const [kind, words] of [
      ["other", "failed in another way, counted as not failed"],
      ["broken", "could not be made, not counted"],
    ] as const) {
      const found = results.filter(({ failure, result }) => failure === name && result === kind);
      if (found.length === 0) continue;
      const counts = [...new Set(found.map(({ policy }) => policy))]
        .map((policy) => `${policy} ${found.filter((result) => result.policy === policy).length}`)
        .join(", ");
      lines.push(`\`${name}\`: ${found.length} runs ${words} (${counts}).`);
    }
  }
  return lines;
}
