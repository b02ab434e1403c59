import { Event } from "./event.js";
import type { Option, ReceivedEvent } from "./json.js";

/** What the agent in a JVM knows of a call; `thread` and `parameters` only where it sends its Java fields. */
export interface JavaCall {
  readonly type: "call" | "return";
  readonly functionName: string;
  readonly threadName?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A function of a JVM that waits before its first, or after its last instruction. */
export class JavaFunctionEvent extends Event {
  readonly class = "JavaFunctionEvent";
  readonly deferred: boolean;
  readonly call: JavaCall;

  constructor(entity: string, call: JavaCall, received?: ReceivedEvent) {
    super(entity, received);
    this.deferred = received?.deferred ?? true;
    this.call = call;
  }

  // The names of pool threads are chance, and values of parameters are often addresses.
  get replayHint(): string {
    return this.received?.replay_hint ?? `${this.call.type}:${this.call.functionName}`;
  }

  get option(): Option {
    if (this.received !== undefined) return this.received.option;
    const { type, functionName, threadName, parameters } = this.call;
    return {
      function_event_type: type,
      function_name: functionName,
      ...(parameters === undefined ? {} : { params: parameters }),
      ...(threadName === undefined ? {} : { thread_name: threadName }),
    };
  }
}
