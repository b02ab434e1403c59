import type { RunFile, StoredRun } from "../record/index.js";
import { notRepeatable } from "../replay/index.js";
import type { CommandRequest, ProcRequest } from "./inspect-proc.js";

const kind = "command";

interface StoredCommand extends Pick<ProcRequest, "entity" | "watchIntervalMs"> {
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What run.json keeps of a command: enough to start it again. Its environment is in it, but for our own token. */
export function storedRequest(
  request: ProcRequest & { readonly target: CommandRequest },
): NonNullable<RunFile["repeat"]> {
  const { entity, watchIntervalMs, target } = request;
  const { words, cwd } = target;
  const { NMZ_TOKEN: _, ...env } = target.env;
  return { kind, request: { entity, watchIntervalMs, words, cwd, env } };
}

/** Throws NMZ_RUN_NOT_REPEATABLE. */
export function commandOf(run: StoredRun): StoredCommand {
  const { repeat } = run.result ?? {};
  if (repeat?.kind !== kind) throw notRepeatable(run);
  return repeat.request as unknown as StoredCommand;
}
