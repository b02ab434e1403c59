import { describe, expect, it } from "vitest";
import { counter, gauge, HttpMetrics, MetricsPage } from "../../../../src/endpoint/http/index.js";

async function linesOf(page: MetricsPage, prefix: string): Promise<string[]> {
  const { text } = await page.render();
  return text.split("\n").filter((line) => line.startsWith(prefix));
}

describe("MetricsPage", () => {
  it("shows what its sources say at that moment", async () => {
    let held = 1;
    const byClass = new Map([["PacketEvent", 2]]);
    const page = new MetricsPage(
      [
        { name: "x_held", help: "Held.", kind: "gauge", read: () => held },
        { name: "x_total", help: "All.", kind: "counter", read: () => byClass, label: "class" },
      ],
      new HttpMetrics(),
    );
    expect(await linesOf(page, "x_")).toEqual(["x_held 1", 'x_total{class="PacketEvent"} 2']);
    held = 0;
    byClass.set('Odd"\n', 1);
    expect(await linesOf(page, "x_")).toEqual([
      "x_held 0",
      'x_total{class="PacketEvent"} 2',
      'x_total{class="Odd\\"\\n"} 1',
    ]);
    expect(await linesOf(page, "# ")).toContain("# TYPE x_total counter");
  });

  it("shows how long requests took, in buckets that include the smaller ones", async () => {
    const http = new HttpMetrics();
    for (const ms of [0.25, 0.3, 70, 20_000]) http.durationsOf("GET", "/x").record(ms);
    const page = new MetricsPage([], http);
    const lines = await linesOf(page, "nmz_http_request_duration_seconds");
    const labels = 'method="GET",route="/x"';
    expect(lines).toContain(`nmz_http_request_duration_seconds_bucket{${labels},le="0.00025"} 1`);
    expect(lines).toContain(`nmz_http_request_duration_seconds_bucket{${labels},le="0.0005"} 2`);
    expect(lines).toContain(`nmz_http_request_duration_seconds_bucket{${labels},le="0.05"} 2`);
    expect(lines).toContain(`nmz_http_request_duration_seconds_bucket{${labels},le="0.1"} 3`);
    expect(lines).toContain(`nmz_http_request_duration_seconds_bucket{${labels},le="+Inf"} 4`);
    expect(lines).toContain(`nmz_http_request_duration_seconds_count{${labels}} 4`);
    expect(lines).toContain(`nmz_http_request_duration_seconds_sum{${labels}} 20.07055`);
  });

  it("shows what is added after somebody has asked", async () => {
    const page = new MetricsPage([gauge("x_first", "First.", () => 1)], new HttpMetrics());
    await page.render();
    page.add([counter("x_second", "Second.", () => 2)]);
    expect(await linesOf(page, "x_")).toEqual(["x_first 1", "x_second 2"]);
  });

  it("shows the process once, whatever the number of pages", async () => {
    const pages = [new MetricsPage([], new HttpMetrics()), new MetricsPage([], new HttpMetrics())];
    for (const page of pages) {
      expect(await linesOf(page, "process_resident_memory_bytes ")).toHaveLength(1);
      expect(await linesOf(page, "nodejs_eventloop_lag_seconds ")).toHaveLength(1);
    }
  });
});
