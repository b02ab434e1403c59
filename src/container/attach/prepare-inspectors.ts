import type { Engine } from "../../../runtime/engine/index.js";
import { netnsInode } from "../../../runtime/kernel/index.js";
import type { Autopilot } from "../../config/index.js";
import {
  cpuShare,
  type Inspector,
  prepareEthernetInspector,
  prepareProcInspector,
} from "../../inspector/index.js";
import { usesRealtime } from "../../policy/index.js";
import type { Transceiver } from "../../transceiver/index.js";
import type { UndoStack } from "../../util/index.js";
import { hostNetworkError } from "../host-network.js";
import type { PreparedJava } from "../java/index.js";
import { startInContainer } from "./start-in-container.js";

export interface PrepareOptions {
  readonly engine: Engine;
  readonly ethernet: boolean;
  readonly proc: boolean;
  readonly java: PreparedJava | undefined;
  readonly autopilot: Autopilot;
  readonly seed: string;
  /** `--network container:…`: the namespace is there before and after the workload. */
  readonly sharesNetwork: boolean;
  readonly transceiver: Transceiver;
  readonly undo: UndoStack;
  readonly onError: (error: unknown) => void;
}

/** The inspectors that need the container's first process: their threads run, their sockets are open. */
export interface PreparedInspectors {
  attach(pid: number, containerId: string): Promise<readonly Inspector[]>;
}

/** Everything slow is done here, before the container is started: attaching takes milliseconds. */
export async function prepareInspectors(options: PrepareOptions): Promise<PreparedInspectors> {
  const { autopilot, transceiver, undo, onError } = options;
  const [ethernet, proc] = await Promise.all([
    options.ethernet
      ? prepareEthernetInspector({
          queueNumber: autopilot.container.ethernetNFQNumber,
          directions: autopilot.ethernet.directions,
          match: autopilot.ethernet.match,
          driver: autopilot.ethernet.driver,
          entity: "_namazu_container_ethernet_inspector",
          transceiver,
          netnsEndsWithWorkload: !options.sharesNetwork,
          undo,
          onError,
        })
      : undefined,
    options.proc
      ? prepareProcInspector({
          watchIntervalMs: autopilot.container.procWatchIntervalMs,
          // Real-time groups of cgroup v1 are opened only for the policies that use real-time classes.
          cpus: cpuShare(autopilot.proc.cpus, options.seed),
          needsRealtime: usesRealtime(autopilot.explorePolicyParam),
          entity: "_namazu_container_proc_inspector",
          transceiver,
          undo,
          onError,
        })
      : undefined,
  ]);
  undo.push("threads of the inspectors", async () => {
    await Promise.all([ethernet?.dispose(), proc?.dispose()]);
  });
  return {
    async attach(pid, containerId) {
      // However it got there: rules in our own namespace would shake the whole host.
      if (ethernet !== undefined && netnsInode(pid) === netnsInode("self")) {
        throw hostNetworkError("a container in the host's network");
      }
      const netnsPath = `/proc/${pid}/ns/net`;
      // Its socket first: what passes it is not to be shaken.
      const java = options.java?.open(netnsPath);
      const attached = await Promise.all([
        ethernet?.attach(netnsPath, java === undefined ? [] : [java.port]),
        java?.inspector,
        proc?.attach({
          kind: "cgroup",
          pid,
          containerId,
          startProcess: (request) => startInContainer(options.engine, containerId, request, onError),
        }),
      ]);
      return attached
        .filter((inspector) => inspector !== undefined)
        .map((inspector) => {
          undo.push(`${inspector.report().inspector} inspector`, () => inspector.stop());
          return inspector;
        });
    },
  };
}
