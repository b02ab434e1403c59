// A spell checker. Threads build the table of words, a share each; the main thread meanwhile takes a text apart, which
// is far more work, and then looks every word up. Nobody waits for the table: it has always been there in time.
import assert from "node:assert/strict";
import { isMainThread, Worker, workerData } from "node:worker_threads";

const wordCount = 30_000;
const textLength = 600_000;
const shares = 3;
const slots = 1 << 16;

function hash(text) {
  let value = 2_166_136_261;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 16_777_619);
  return value >>> 0 || 1;
}

// A free slot is taken with a compare-and-exchange, so the table itself is safe.
function add(table, key) {
  let at = key % slots;
  for (;;) {
    const found = Atomics.compareExchange(table, at, 0, key);
    if (found === 0 || found === key) return;
    at = (at + 1) % slots;
  }
}

function has(table, key) {
  let at = key % slots;
  while (table[at] !== 0 && table[at] !== key) at = (at + 1) % slots;
  return table[at] === key;
}

if (isMainThread) {
  const table = new Uint32Array(new SharedArrayBuffer(slots * 4));
  const exits = Array.from({ length: shares }, (_, share) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { table, share } });
    return new Promise((resolve) => worker.once("exit", resolve));
  });
  const text = Array.from({ length: textLength }, (_, i) => `word${(i * 7919) % wordCount}`).join(" ");
  const keys = text.split(" ").map(hash);
  const unknown = keys.filter((key) => !has(table, key)).length;
  await Promise.all(exits);
  assert.equal(unknown, 0, `${unknown} words were looked up before they were in the table`);
  console.log("ok");
} else {
  for (let i = workerData.share; i < wordCount; i += shares) add(workerData.table, hash(`word${i}`));
}
