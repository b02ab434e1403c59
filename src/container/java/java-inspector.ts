import type { Control, Endpoint } from "../../endpoint/index.js";
import type { Inspector, InspectorReport } from "../../inspector/index.js";
import { type ActionSink, type Event, JavaFunctionEvent } from "../../signal/index.js";

// The names are the workload's: it may make up as many as it likes, and of any length.
const maxNames = 10_000;
const maxNameCharacters = 1024;

/**
 * The agents of one run, as one inspector: they come and go with the container's JVMs, so this counts what passes their
 * endpoint. For the endpoint it is whoever answers events.
 */
export class JavaInspector implements Inspector, Control {
  readonly #control: Control;
  readonly #onWarning: (line: string) => void;
  readonly #entities = new Set<string>();
  readonly #functions = new Set<string>();
  #endpoint: Endpoint | undefined;
  #stopping: Promise<void> | undefined;
  #jvms = 0;
  #events = 0;
  #returns = 0;

  constructor(control: Control, onWarning: (line: string) => void) {
    this.#control = control;
    this.#onWarning = onWarning;
  }

  serving(endpoint: Endpoint): void {
    this.#endpoint = endpoint;
  }

  jvmConnected(): void {
    this.#jvms += 1;
  }

  get isEnabled(): boolean {
    return this.#control.isEnabled;
  }

  get counts(): Control["counts"] {
    return this.#control.counts;
  }

  setEnabled(isEnabled: boolean): void {
    this.#control.setEnabled(isEnabled);
  }

  submit(event: Event, sink: ActionSink): void {
    this.#events += 1;
    remember(this.#entities, event.entity);
    if (event instanceof JavaFunctionEvent) this.#count(event);
    this.#control.submit(event, sink);
  }

  #count({ call }: JavaFunctionEvent): void {
    if (call.type === "return") this.#returns += 1;
    remember(this.#functions, call.functionName);
  }

  report(): InspectorReport {
    return {
      inspector: "java",
      entity: [...this.#entities].sort().join(", "),
      events: this.#events,
      faults: {},
      refusals: {},
      details: {
        JVMs: this.#jvms,
        calls: this.#events - this.#returns,
        returns: this.#returns,
        functions: this.#functions.size,
      },
    };
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    await this.#endpoint?.close();
    if (this.#jvms === 0 && this.#events === 0)
      this.#onWarning("java: no JVM connected: none ran, or none loaded a class with such a function");
  }
}

function remember(names: Set<string>, name: string): void {
  if (names.size < maxNames && name.length <= maxNameCharacters) names.add(name);
}
