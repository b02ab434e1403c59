/**
 * Inspectors (and the orchestrator) without a container: what `nmz inspectors` and `nmz orchestrator` do. `openWire` gives
 * the way to whoever decides, an orchestrator in this process (`local://`) or one elsewhere; `runInspector` is the frame
 * around every inspector: what is missing is said, killed ones are swept up after, signals end it, everything is undone.
 *
 * Knows inspectors, wires and the journal; knows no container engine and no command line. Invariants: a change to the
 * machine is on the undo stack and in the journal before it is made; an orchestrator that is away stops no workload.
 */
export * from "./inspect-ethernet.js";
export * from "./inspect-fs.js";
export * from "./inspect-hookswitch.js";
export * from "./inspect-proc.js";
export * from "./inspect-syslog.js";
export * from "./replay-command.js";
export * from "./run-inspector.js";
export * from "./run-orchestrator.js";
export * from "./wire/index.js";
