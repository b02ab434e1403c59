import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { signatureOf } from "../../../src/verdict/index.js";

const line = fc.integer({ min: 1, max: 99_999 });
const address = fc.integer({ min: 0x1000, max: 0x7fffffff }).map((value) => `0x${value.toString(16)}`);
const port = fc.integer({ min: 1024, max: 65_535 });
const number = fc.integer({ min: -1_000_000, max: 1_000_000 });
const seconds = fc.integer({ min: 0, max: 100_000 }).map((value) => (value / 1000).toFixed(3));
const date = fc
  .date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true })
  .map((value) => value.toISOString());
const hash = fc.integer({ min: 0x10000, max: 0x7fffffff }).map((value) => value.toString(16));
const goroutine = fc.integer({ min: 1, max: 9999 });
const folder = fc.constantFrom("/home/dev/queue", "/src", "/builds/ci/group/project");

const chance = fc.record({
  line,
  address,
  port,
  number,
  seconds,
  date,
  hash,
  goroutine,
  folder,
  uuid: fc.uuid(),
});
type Chance = typeof chance extends fc.Arbitrary<infer T> ? T : never;
interface Told {
  readonly message: string;
  readonly details: string;
}

/** One failure each, as chance would have it in one run. */
const failures: Readonly<Record<string, (its: Chance) => Told>> = {
  java: (its) => ({
    message: `java.lang.IllegalStateException: lost ${its.number} of job ${its.uuid} at Row@${its.hash}`,
    details: `java.lang.IllegalStateException: lost\n\tat java.base/java.util.ArrayDeque.remove(ArrayDeque.java:${its.line})\n\tat org.example.Queue.lambda$take$${its.goroutine}(Queue.java:${its.line})\n\tat org.example.Queue.take(Queue.java:${its.line})\n\tat jdk.internal.reflect.GeneratedMethodAccessor${its.goroutine}.invoke(Unknown Source)\n\tat java.base/java.lang.Thread.run(Thread.java:${its.line})`,
  }),
  python: (its) => ({
    message: `AssertionError: ${its.date}: <queue.Queue object at ${its.address}> lost ${its.number}`,
    details: `Traceback (most recent call last):\n  File "${its.folder}/test_queue.py", line ${its.line}, in test_take\n    take()\n  File "${its.folder}/queue.py", line ${its.line}, in take\n    raise\nAssertionError`,
  }),
  pytest: (its) => ({
    message: `AssertionError: assert ${its.number} == 4`,
    details: `    def test_take():\n>       assert take() == 4\nE       AssertionError: assert ${its.number} == 4\n\ntest_queue.py:${its.line}: AssertionError`,
  }),
  javascript: (its) => ({
    message: `Error: connect ECONNREFUSED 127.0.0.1:${its.port} after ${its.seconds}s`,
    details: `Error: connect\n    at async Queue.take (file://${its.folder}/queue.js:${its.line}:${its.goroutine})\n    at ${its.folder}/queue.test.js:${its.line}:3\n    at process.processTicksAndRejections (node:internal/process/task_queues:${its.line}:5)`,
  }),
  go: (its) => ({
    message: `panic: runtime error: index out of range [${Math.abs(its.number)}] with length 0`,
    details: `panic: x\n\ngoroutine ${its.goroutine} [running]:\npanic({${its.address}?, ${its.address}?})\n\t/usr/local/go/src/runtime/panic.go:${its.line} +${its.address}\nexample.com/queue.(*Queue).Take(${its.address}, 0x5)\n\t${its.folder}/queue.go:${its.line} +${its.address}\nexample.com/queue.TestTake(${its.address})\n\t${its.folder}/queue_test.go:${its.line} +0x1d\ntesting.tRunner(${its.address}, ${its.address})\n\t/usr/local/go/src/testing/testing.go:${its.line} +0xea`,
  }),
  asan: (its) => ({
    message: `ERROR: AddressSanitizer: heap-use-after-free on address ${its.address} at pc ${its.address}`,
    details: `==${its.goroutine}==ERROR: AddressSanitizer\n    #0 ${its.address} in q::Queue::take(int) ${its.folder}/queue.cc:${its.line}:3\n    #1 ${its.address} in main ${its.folder}/queue.cc:${its.line}\n    #2 ${its.address} in __libc_start_main ../csu/libc-start.c:${its.line}`,
  }),
  gdb: (its) => ({
    message: "Assertion `n == 4' failed.",
    details: `#0  __pthread_kill_implementation (threadid=${its.address}) at ./nptl/pthread_kill.c:44\n#1  ${its.address} in __GI_abort () at ./stdlib/abort.c:79\n#2  ${its.address} in check (n=${its.number}) at ${its.folder}/queue.cc:${its.line}\n#3  ${its.address} in main () at ${its.folder}/queue.cc:${its.line}`,
  }),
  rust: (its) => ({
    message: `panicked: index out of bounds: the len is ${its.goroutine} but the index is ${its.line}`,
    details: `stack backtrace:\n   0: ${its.address} - core::panicking::panic_fmt\n             at /rustc/59807616e1fa/library/core/src/panicking.rs:${its.line}:14\n   1: ${its.address} - queue::Queue::take\n             at ${its.folder}/queue.rs:${its.line}:5`,
  }),
  bare: (its) => ({
    message: `replica ${its.number} lags by ${its.seconds} s since ${its.date}`,
    details: "",
  }),
};

describe("signatureOf", () => {
  it.each(Object.keys(failures))("is the same at other addresses, lines and times: %s", (name) => {
    const failure = failures[name] as (its: Chance) => Told;
    const idOf = (its: Chance) => {
      const { message, details } = failure(its);
      return signatureOf(message, details).id;
    };
    fc.assert(fc.property(chance, chance, (one, other) => idOf(one) === idOf(other)));
  });

  it("differs for failures that differ", () => {
    fc.assert(
      fc.property(chance, (its) => {
        const ids = Object.values(failures).map(
          (failure) => signatureOf(failure(its).message, failure(its).details).id,
        );
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  it.each([
    ["java", ["org.example.Queue.lambda$take", "org.example.Queue.take"]],
    ["python", ["queue.py in take", "test_queue.py in test_take"]],
    ["pytest", ["test_queue.py in test_take"]],
    ["javascript", ["queue.js Queue.take", "queue.test.js"]],
    ["go", ["queue.(*Queue).Take", "queue.TestTake"]],
    ["asan", ["q::Queue::take", "main"]],
    ["gdb", ["check", "main"]],
    ["rust", ["queue::Queue::take"]],
    ["bare", []],
  ])("takes the top frames of the program's own code: %s", (name, frames) => {
    const [its] = fc.sample(chance, 1) as [Chance];
    const { message, details } = (failures[name] as (its: Chance) => Told)(its);
    expect(signatureOf(message, details).frames).toEqual(frames);
  });

  it("takes a recursion for one frame, however deep it is", () => {
    const deep = (depth: number) => "\tat org.example.Tree.walk(Tree.java:7)\n".repeat(depth);
    const main = "\tat org.example.Tree.main(Tree.java:3)";
    expect(signatureOf("x", deep(3) + main)).toEqual(signatureOf("x", deep(900) + main));
  });

  it("is made of any text without an error, in time that grows with its length at most", () => {
    const pieces = fc.array(
      fc.constantFrom(
        "0",
        "a",
        "0x",
        "::",
        "/",
        "-",
        ".",
        "@",
        " at ",
        "#0 ",
        "(",
        ")",
        "\n",
        "\t",
        "é",
        "1,",
      ),
    );
    fc.assert(
      fc.property(pieces, fc.string(), (parts, text) => {
        expect(signatureOf(parts.join(""), parts.join("") + text).id).toMatch(/^[0-9a-f]{12}$/);
      }),
    );
  });
});
