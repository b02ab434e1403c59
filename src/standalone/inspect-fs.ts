import { startFsInspector } from "../inspector/index.js";
import { checkMountPoint } from "./fs/check-mount-point.js";
import {
  type AttachedInspector,
  type InspectorRequest,
  type InspectorSession,
  runInspector,
  type StandaloneIo,
} from "./run-inspector.js";

export interface FsRequest extends InspectorRequest {
  /** Absolute. */
  readonly originalDir: string;
  readonly mountPoint: string;
  /** Undefined: the config's. */
  readonly driver: "kernel" | "fuse-native" | undefined;
  /** It can lose what was never synced; undefined: as the config says. */
  readonly canCrash: boolean | undefined;
}

/** `nmz inspectors fs`. Ends at a signal. */
export function inspectFs(request: FsRequest, io: StandaloneIo): Promise<number> {
  return runInspector({
    ...request,
    name: "fs",
    needs: new Set(["fs"]),
    io,
    attach: (session) => attach(request, session),
  });
}

async function attach(
  request: FsRequest,
  { wire, undo, warn, onError }: InspectorSession,
): Promise<AttachedInspector> {
  const { originalDir, mountPoint } = checkMountPoint(request);
  const { fs } = wire.autopilot;
  const driver = request.driver ?? fs.driver;
  const isCrashWanted = request.canCrash ?? fs.crash;
  const canCrash = isCrashWanted && driver === "kernel";
  if (isCrashWanted && !canCrash) warn(`fs.crash has no effect with the driver ${driver}`);
  const inspector = await startFsInspector({
    source: originalDir,
    mountPoint,
    isReadOnly: false,
    hooks: fs.hooks,
    readsDirectly: fs.directReads,
    canCrash,
    driver,
    entity: request.entity,
    transceiver: wire.transceiver,
    undo,
    onError,
  });
  if (canCrash) wire.offerCrash({ entities: [request.entity], crash: () => inspector.crash() });
  return { inspector, watches: `${mountPoint} shows ${originalDir}, and shakes what is done to it` };
}
