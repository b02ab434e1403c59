/**
 * Packets that a switch holds, instead of the kernel: HookSwitch (an OpenFlow 1.3 application, or its NFQUEUE program)
 * sends each frame over a ZeroMQ PAIR socket and does with it what is answered. It is a `PacketQueue` of another kind, so all
 * that a packet is (names, hints, segments sent again, faults) is the ethernet inspector's, and equal to NFQUEUE's.
 *
 * Must not know who decides. Invariants: a frame is answered at most once, because the real switch dies of an answer that it
 * does not expect; what is held when the inspector stops is accepted. But a frame that comes later waits in the switch: end
 * the switch too. To revisit when a switch speaks anything newer than OpenFlow 1.3's controllers of 2015.
 */
export {
  type HookSwitchOptions,
  type StartedHookSwitchInspector,
  startHookSwitchInspector,
} from "./start-hookswitch-inspector.js";
