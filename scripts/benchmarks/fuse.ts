import { type Measured, type Measurement, ratioInTurn, rounds } from "./measurement.js";
import { ServedFolder, type Side } from "./served-folder.js";

/** The original's hook points, all of them through inspector, orchestrator and `random` with delays of 0. */
const hooks = ["post-read", "post-opendir", "pre-mkdir", "pre-rmdir", "pre-fsync"];
const ours: Side = { kind: "ours", driver: "kernel", hooks };
const unhooked: Side = { ...ours, hooks: hooks.filter((hook) => hook !== "post-read") };
const fuseNative: Side = { kind: "ours", driver: "fuse-native", hooks: [] };
const limit: Side = { kind: "limit" };
const plain: Side = { kind: "plain" };

interface Comparison {
  readonly key: string;
  readonly what: string;
  readonly atLeast: number;
  readonly ours: Side;
  readonly limit: Side;
  /** What `fsb` does, and how often. */
  readonly part: string;
  readonly count: number;
}

const comparisons: readonly Comparison[] = [
  {
    key: "fuse.meta_vs_limit",
    what: "mkdir and rmdir, each held, over a libfuse3 passthrough in C",
    atLeast: 0.7,
    ...{ ours, limit, part: "meta", count: 4000 },
  },
  {
    key: "fuse.create_vs_limit",
    what: "create, write 4 KiB, close, over a libfuse3 passthrough in C",
    atLeast: 0.7,
    ...{ ours, limit, part: "create", count: 3000 },
  },
  {
    key: "fuse.read_vs_limit",
    what: "random 4 KiB O_DIRECT reads, each held, over a libfuse3 passthrough in C",
    atLeast: 0.7,
    ...{ ours, limit, part: "read", count: 20_000 },
  },
  {
    key: "fuse.meta_vs_fuse_native",
    what: "mkdir and rmdir, each held, over npm fuse-native with nothing held",
    atLeast: 2.5,
    ...{ ours, limit: fuseNative, part: "meta", count: 2000 },
  },
  {
    key: "fuse.seq_vs_limit",
    what: "256 MiB written, then read, with reads held, over a libfuse3 passthrough in C",
    atLeast: 0.9,
    ...{ ours, limit, part: "seq", count: 1 },
  },
  {
    key: "fuse.seq_unhooked_vs_native",
    what: "256 MiB written, then read, neither hooked, over the plain folder",
    atLeast: 0.9,
    ...{ ours: unhooked, limit: plain, part: "seqhot", count: 1 },
  },
];

async function compare({ ours: a, limit: b, part, count }: Comparison): Promise<Measured> {
  const folder = new ServedFolder();
  try {
    const runOurs = await folder.side(a);
    const runLimit = await folder.side(b);
    // The first round warms up: buffers and threads are made, code is compiled, memory is touched for the first time.
    await runOurs(part, count);
    await runLimit(part, count);
    return await ratioInTurn(
      rounds(9),
      () => runOurs(part, count),
      () => runLimit(part, count),
    );
  } finally {
    await folder.close();
  }
}

/** The figures whose key begins with "fuse.". */
export const fuseMeasurements: readonly Measurement[] = comparisons.map((comparison) => ({
  key: comparison.key,
  unit: "ratio",
  what: comparison.what,
  aim: { atLeast: comparison.atLeast },
  measure: () => compare(comparison),
}));
