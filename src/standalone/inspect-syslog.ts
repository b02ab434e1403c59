import { isLoopback } from "../endpoint/index.js";
import { startSyslogInspector } from "../inspector/index.js";
import {
  type AttachedInspector,
  type InspectorRequest,
  type InspectorSession,
  runInspector,
  type StandaloneIo,
} from "./run-inspector.js";

export interface SyslogRequest extends InspectorRequest {
  readonly host: string;
  /** 0: a free one; undefined: none. */
  readonly udpPort: number | undefined;
  readonly tcpPort: number | undefined;
}

/** `nmz inspectors syslog`. Ends at a signal. */
export function inspectSyslog(request: SyslogRequest, io: StandaloneIo): Promise<number> {
  return runInspector({
    ...request,
    name: "syslog",
    needs: new Set(),
    io,
    attach: (session) => attach(request, session),
  });
}

async function attach(
  { host, udpPort, tcpPort, entity }: SyslogRequest,
  { wire, undo, warn, onError }: InspectorSession,
): Promise<AttachedInspector> {
  const { transceiver } = wire;
  const inspector = await startSyslogInspector({
    host,
    udpPort,
    tcpPort,
    entity,
    transceiver,
    undo,
    onError,
  });
  if (!isLoopback(inspector.address)) {
    warn(`syslog: whoever reaches ${inspector.address} can log here: syslog knows no password`);
  }
  const places = [
    ...(inspector.udpPort === undefined ? [] : [`UDP port ${inspector.udpPort}`]),
    ...(inspector.tcpPort === undefined ? [] : [`TCP port ${inspector.tcpPort}`]),
  ];
  return { inspector, watches: `log lines at ${places.join(" and ")} of ${inspector.address}` };
}
