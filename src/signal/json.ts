export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export type Option = { readonly [key: string]: JsonValue };

/** A signal on the wire and in traces: Namazu's keys (design: REST v3, "Common fields"). */
export interface SignalJson {
  readonly uuid: string;
  readonly entity: string;
  readonly type: "event" | "action";
  readonly class: string;
  readonly option: Option;
  readonly deferred?: boolean;
  readonly replay_hint?: string;
  readonly event_uuid?: string;
}

/** An event's JSON as `eventFromJson` has checked it: what was optional on the wire has its value. */
export interface ReceivedEvent extends SignalJson {
  readonly type: "event";
  readonly deferred: boolean;
  readonly replay_hint: string;
}
