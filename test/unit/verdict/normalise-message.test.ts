import { describe, expect, it } from "vitest";
import { normaliseMessage } from "../../../src/verdict/signature/normalise-message.js";

/** Real messages, and what is left of them. */
const golden: readonly (readonly [string, string])[] = [
  ["expected:<4> but was:<3>", "expected:<<n>> but was:<<n>>"],
  [
    "java.net.ConnectException: Connection refused: localhost/127.0.0.1:40123",
    "java.net.ConnectException: Connection refused: localhost/<address>",
  ],
  ["connect ECONNREFUSED ::1:5432", "connect ECONNREFUSED <address>"],
  ["dial tcp [::1]:34567: connect: connection refused", "dial tcp <address>: connect: connection refused"],
  [
    "listen EADDRINUSE: address already in use :::3000",
    "listen EADDRINUSE: address already in use <address>",
  ],
  [
    "org.opentest4j.AssertionFailedError: not empty: java.lang.Object@ba2f4ec",
    "org.opentest4j.AssertionFailedError: not empty: java.lang.Object@<hash>",
  ],
  ["[I@1b6d3586 is not [I@4554617c", "[I@<hash> is not [I@<hash>"],
  [
    "Cannot cast org.example.Job$$Lambda$14/0x0000000800c03000 to Runnable",
    "Cannot cast org.example.Job$$Lambda to Runnable",
  ],
  [
    "No qualifying bean of type org.example.Bank$$EnhancerBySpringCGLIB$$1a2b3c4d",
    "No qualifying bean of type org.example.Bank$$EnhancerBySpringCGLIB",
  ],
  [
    "lost update in <test_queue.Account object at 0x7f882e9590d0>",
    "lost update in <test_queue.Account object at <hex>>",
  ],
  [
    "panic: runtime error: index out of range [5] with length 3",
    "panic: runtime error: index out of range [<n>] with length <n>",
  ],
  [
    "panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x4a1b2c]",
    "panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=<hex> addr=<hex> pc=<hex>]",
  ],
  ["panic: test timed out after 1m30.5s", "panic: test timed out after <duration>"],
  ["context deadline exceeded after 4.998s", "context deadline exceeded after <duration>"],
  ["Test timed out in 50ms.", "Test timed out in <duration>."],
  [
    'Timeout of 2000ms exceeded. For async tests and hooks, ensure "done()" is called',
    'Timeout of <duration> exceeded. For async tests and hooks, ensure "done()" is called',
  ],
  ["took 12 seconds, wanted less than 10 seconds", "took <duration>, wanted less than <duration>"],
  ["expected [ 1, 2, 3 ] to deeply equal [ 1, 3 ]", "expected [ <n>… ] to deeply equal [ <n>… ]"],
  ["KeyError: 'user-4711'", "KeyError: 'user-<n>'"],
  [
    "ENOENT: no such file or directory, open '/tmp/junit-8812/wal/segment.log'",
    "ENOENT: no such file or directory, open '<tmp>/segment.log'",
  ],
  [
    "FileNotFoundError: [Errno 2] No such file or directory: '/tmp/tmpab12cd_x'",
    "FileNotFoundError: [Errno 2] No such file or directory: '<tmp>'",
  ],
  [
    "FileNotFoundError: [Errno 2] No such file or directory: '/tmp/pytest-of-ci/pytest-3/test_x0/data.db'",
    "FileNotFoundError: [Errno 2] No such file or directory: '<tmp>/data.db'",
  ],
  ["cannot open /home/dev/checkout/src/main/resources/app.conf", "cannot open resources/app.conf"],
  ["permission denied: /etc/shadow", "permission denied: /etc/shadow"],
  ["2024-05-01T12:00:00.123Z ERROR replica lags", "<time> ERROR replica lags"],
  ["2024-05-01 12:00:00,123 [main] ERROR replica lags", "<time> [main] ERROR replica lags"],
  ["Wed May 01 12:00:00 UTC 2024: leader lost", "<time>: leader lost"],
  ["[12:00:00.004] leader lost", "[<time>] leader lost"],
  ["no session 1f0c6f0e-8a4b-4f0e-9d3e-2b1c7a9d5e10", "no session <uuid>"],
  ["commit 9fceb02d0ae598e95dc970b74767f19372d61af8 is unknown", "commit <hex> is unknown"],
  ["unknown job V1StGXR8_Z5jdHi6B", "unknown job <id>"],
  ["Request failed with status code 503", "Request failed with status code 503"],
  ["HTTP/1.1 404 Not Found", "HTTP/<n> 404 Not Found"],
  ["process exited with code 137", "process exited with code 137"],
  ["child was killed by signal 11 after 3 s", "child was killed by signal 11 after <duration>"],
  [
    "\u001b[31mexpect(\u001b[39mreceived\u001b[31m)\u001b[39m.toBe(expected)",
    "expect(received).toBe(expected)",
  ],
  ["Thread[pool-3-thread-7,5,main] died", "Thread[pool-<n>-thread-<n>,main] died"],
  ["lost 1,234,567 of 2.5e6 items, -3 left", "lost <n> of <n> items, <n> left"],
  ['Assertion `n == 4 && "lost update"\' failed.', 'Assertion `n == <n> && "lost update"\' failed.'],
  [
    "AddressSanitizer: heap-use-after-free on address 0x602000000018 at pc 0x5583782566fe",
    "AddressSanitizer: heap-use-after-free on address <hex> at pc <hex>",
  ],
  [
    "TypeError: Cannot read properties of undefined (reading 'id')\n    at take (/src/queue.js:3:9)",
    "TypeError: Cannot read properties of undefined (reading 'id')",
  ],
  [
    "Expected values to be strictly deep-equal:\n+ actual - expected\n\n  [\n    1,\n+   2\n-   3\n  ]",
    "Expected values to be strictly deep-equal:\n+ actual - expected",
  ],
  ["got 3, want 4\ngot 5, want 4\ngot 6, want 4", "got <n>, want <n>"],
];

describe("normaliseMessage", () => {
  it.each(golden)("%s", (message, expected) => {
    expect(normaliseMessage(message)).toBe(expected);
  });

  it("leaves what it has made alone", () => {
    for (const [, expected] of golden) expect(normaliseMessage(expected)).toBe(expected);
  });
});
