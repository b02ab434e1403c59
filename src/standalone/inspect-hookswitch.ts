import { startHookSwitchInspector } from "../inspector/index.js";
import { type InspectorRequest, runInspector, type StandaloneIo } from "./run-inspector.js";

export interface HookSwitchRequest extends InspectorRequest {
  /** ZeroMQ address to listen on. */
  readonly hookSwitch: string;
}

/** `nmz inspectors ethernet --hookswitch ADDRESS`. Ends at a signal. */
export function inspectHookSwitch(request: HookSwitchRequest, io: StandaloneIo): Promise<number> {
  return runInspector({
    ...request,
    name: "ethernet",
    // The switch takes the packets, on its host: nothing of this machine is needed.
    needs: new Set(),
    io,
    attach: async ({ wire, undo, onError }) => {
      const inspector = await startHookSwitchInspector({
        address: request.hookSwitch,
        entity: request.entity,
        transceiver: wire.transceiver,
        undo,
        onError,
      });
      return { inspector, watches: `packets of the HookSwitch that connects to ${inspector.address}` };
    },
  });
}
