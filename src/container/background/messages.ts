import type { RunRequest } from "../run-request.js";

/** What the client sends to the supervisor process, over the channel that Node makes between them. */
export type ToSupervisor =
  | { readonly kind: "run"; readonly request: RunRequest; readonly runId: string }
  /** The client has attached to the container's streams. */
  | { readonly kind: "attached" };

/** What the supervisor sends back. The client may be gone at any moment; the run goes on. */
export type FromSupervisor =
  | { readonly kind: "ready" }
  | { readonly kind: "created"; readonly containerId: string }
  | { readonly kind: "begins" }
  | { readonly kind: "started" }
  | { readonly kind: "say"; readonly line: string }
  /** Everything is undone. */
  | { readonly kind: "ended"; readonly exitCode: number }
  | { readonly kind: "failed"; readonly error: FailureMessage };

/** An NmzError as plain data. */
export interface FailureMessage {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly exitCode: number;
}
