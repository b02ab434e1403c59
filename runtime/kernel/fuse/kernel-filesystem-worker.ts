import { parentPort, workerData } from "node:worker_threads";
import { serve } from "./serve.js";
import { Session, type SessionData } from "./session.js";

/** The thread that serves one mount: starts, serves until the mount is gone, closes what it opened, ends. */
const session = new Session(
  workerData as SessionData,
  () => parentPort!.postMessage({ needsCloser: true }),
  (forgotten) => parentPort!.postMessage({ forgotten }),
);
session.onRefusal = (kind, reason) => parentPort!.postMessage({ refused: { kind, reason } });
try {
  parentPort!.postMessage({ isServing: true });
  serve(
    session,
    (error) => parentPort!.postMessage({ error: error instanceof Error ? error : String(error) }),
    (crashed) => parentPort!.postMessage({ crashed }),
  );
} finally {
  session.close();
}
