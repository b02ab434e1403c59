import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { endpointMetrics } from "../../../src/endpoint/endpoint-metrics.js";
import { defaultHttpLimits, HttpMetrics } from "../../../src/endpoint/http/index.js";
import { SignalCounts, streamMetrics } from "../../../src/endpoint/index.js";
import { EntityQueues } from "../../../src/endpoint/rest/index.js";
import { eventClasses } from "../../../src/signal/index.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const page = readFileSync(join(root, "docs/rest.md"), "utf8");

/** The first columns of the table below a heading, of each row. */
function tableBelow(heading: string, columns: number): string[][] {
  const section = page.split(`\n## ${heading}\n`)[1]!.split("\n## ")[0]!;
  const rows = section.split("\n").filter((line) => line.startsWith("| "));
  return rows.slice(1).map((row) => row.split(" | ", columns).map((cell) => cell.replace(/^\| /, "")));
}

const quoted = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);

describe("docs/rest.md", () => {
  it("has every code that a request can be refused with", () => {
    const used = new Set<string>();
    for (const folder of ["src/endpoint/http", "src/endpoint/rest"]) {
      for (const file of readdirSync(join(root, folder))) {
        for (const [code] of readFileSync(join(root, folder, file), "utf8").matchAll(/\bNMZ_REST_[A-Z_]+/g))
          used.add(code);
      }
    }
    expect(
      tableBelow("Refusals", 2)
        .flatMap(([, codes]) => quoted(codes!))
        .sort(),
    ).toEqual([...used].sort());
  });

  it("has every limit with its value", () => {
    const documented = tableBelow("Limits", 2).map(([name, value]) => [quoted(name!)[0], Number(value)]);
    expect(Object.fromEntries(documented)).toEqual(defaultHttpLimits);
  });

  it("has every metric", () => {
    const control = {
      isEnabled: true,
      counts: { events: 0, delayed: 0, held: 0, errors: 0 },
      setEnabled() {},
      submit() {},
    };
    const queues = new EntityQueues(defaultHttpLimits, () => {});
    const sources = endpointMetrics({
      control,
      queues,
      http: new HttpMetrics(),
      signals: new SignalCounts(),
    });
    const ofStream = streamMetrics(() => ({ connections: 0, events: 0, refused: 0, held: 0 }));
    const names = [...[...sources, ...ofStream].map(({ name }) => name), "nmz_http_request_duration_seconds"];
    expect(tableBelow("Metrics", 1).flatMap(([name]) => quoted(name!))).toEqual(names);
  });

  it("has every class of event", () => {
    expect(
      tableBelow("Events", 1)
        .flatMap(([name]) => quoted(name!))
        .sort(),
    ).toEqual([...eventClasses].sort());
  });
});
