import { type Engine, engineVariable, openEngine } from "../../runtime/engine/index.js";
import type { JournalEngine } from "../journal/index.js";
import { type HostPaths, hostPaths } from "./from-inside/host-paths.js";

const scheme = "unix://";

/** As a later process finds it again, on the host as in a container of nmzc's own. */
export function journalEngineOf(
  { info }: Pick<Engine, "info">,
  paths: HostPaths = hostPaths(),
): JournalEngine {
  const { address, kind } = info;
  if (!address.startsWith(scheme)) return { address, kind };
  return { address: scheme + paths.toHost(address.slice(scheme.length)), kind };
}

/**
 * The engine of a journal: `ours` where that is the one. Throws EngineError where it cannot be opened, NMZ_IMAGE_PATH where
 * its socket is not in our container, and an Error where another kind of engine answers there now: that knows nothing of
 * the run's container, and would have us believe that there is none.
 */
export async function openJournalEngine(
  wanted: JournalEngine,
  ours: Engine | undefined,
  paths: HostPaths = hostPaths(),
): Promise<Engine> {
  const isOurs = ours !== undefined && journalEngineOf(ours, paths).address === wanted.address;
  const engine = isOurs
    ? ours
    : await openEngine({ ...process.env, [engineVariable]: ownAddress(wanted, paths) });
  if (wanted.kind === undefined || wanted.kind === engine.info.kind) return engine;
  throw new Error(
    `at ${wanted.address} is ${engine.info.name}, and the run was made by ${names[wanted.kind]}`,
  );
}

const names = { docker: "Docker Engine", podman: "Podman" } as const;

function ownAddress({ address }: JournalEngine, paths: HostPaths): string {
  return address.startsWith(scheme) ? scheme + paths.toOwn(address.slice(scheme.length)) : address;
}
