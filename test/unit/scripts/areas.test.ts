import { describe, expect, it } from "vitest";
import { loadMeasurements } from "../../../scripts/benchmarks/areas.js";

describe("loadMeasurements", () => {
  it("finds every figure of the bench, each once", async () => {
    const errors: unknown[] = [];
    const keys = (await loadMeasurements((area, error) => errors.push([area, error]))).map(({ key }) => key);
    expect(errors).toEqual([]);
    expect(keys.sort()).toEqual([
      "fuse.create_vs_limit",
      "fuse.meta_vs_fuse_native",
      "fuse.meta_vs_limit",
      "fuse.read_vs_limit",
      "fuse.seq_unhooked_vs_native",
      "fuse.seq_vs_limit",
      "loop.overhead_ms",
      "nfq.delay_error_p99_ms",
      "nfq.held",
      "nfq.pingpong_vs_limit",
      "nfq.throughput_vs_limit",
      "nfq.throughput_vs_nfqueue",
      "pb.events_per_s",
      "proc.birth_to_sched_ms_p99",
      "proc.sweep_ms",
      "proc.sweep_procs_ms",
      "rest.events_per_s",
      "rest.events_per_s_16",
      "rest.p99_ms",
      "rest.p99_vs_null",
      "run.overhead_ms",
      "stream.events_per_s",
      "stream.vs_null",
      "stream.vs_rest",
      "trace.cost",
      "wire.memory_growth_mb",
      "wire.resident_growth_mb",
    ]);
  });
});
