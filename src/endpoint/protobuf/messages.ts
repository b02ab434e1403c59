import protobuf from "protobufjs/light.js";

const field = (type: string, id: number, rule?: "required" | "repeated") =>
  rule === undefined ? { type, id } : { rule, type, id };
const name = { fields: { name: field("string", 1, "required") } };

/**
 * Namazu's misc/inspector/inspector_message.proto, package `pb`. One label differs: HasJavaSpecificFields is required
 * there, and its C inspector and the greeting of its Java inspector are sent without it.
 */
const descriptor: protobuf.INamespace = {
  nested: {
    InspectorMsgReq: {
      fields: {
        entityId: field("string", 1, "required"),
        type: field("int32", 2, "required"),
        pid: field("int32", 3, "required"),
        tid: field("int32", 4, "required"),
        msgId: field("int32", 5, "required"),
        gaMsgId: field("int32", 6),
        event: field("Event", 7),
        initiation: field("Initiation", 8),
        hasJavaSpecificFields: field("int32", 9),
        javaSpecificFields: field("JavaSpecificFields", 10),
      },
    },
    Event: {
      fields: {
        type: field("int32", 1, "required"),
        funcCall: field("FuncCall", 2),
        funcReturn: field("FuncReturn", 3),
        exit: field("Exit", 4),
      },
    },
    FuncCall: name,
    FuncReturn: name,
    Exit: { fields: { exitCode: field("int32", 1, "required") } },
    Initiation: { fields: { entityId: field("string", 1, "required") } },
    JavaSpecificFields: {
      fields: {
        threadName: field("string", 1, "required"),
        nrStackTraceElements: field("int32", 2, "required"),
        stackTraceElements: field("StackTraceElement", 3, "repeated"),
        nrParams: field("int32", 4, "required"),
        params: field("Params", 5, "repeated"),
      },
    },
    StackTraceElement: {
      fields: {
        fileName: field("string", 1, "required"),
        className: field("string", 2, "required"),
        methodName: field("string", 3, "required"),
        lineNumber: field("int32", 4, "required"),
      },
    },
    Params: { fields: { name: field("string", 1, "required"), value: field("string", 2, "required") } },
    // The same frame, read for its ids only, where reading all of it has failed.
    Ids: { fields: { msgId: field("int32", 5), gaMsgId: field("int32", 6) } },
    InspectorMsgRsp: {
      fields: {
        res: field("int32", 1, "required"),
        msgId: field("int32", 2),
        gaMsgId: field("int32", 3),
      },
    },
  },
};

// Without resolveAll the decoders do not look for required fields.
const root = protobuf.Root.fromJSON(descriptor).resolveAll() as protobuf.Root;

export const requestType = root.lookupType("InspectorMsgReq");
export const idsType = root.lookupType("Ids");
export const replyType = root.lookupType("InspectorMsgRsp");

export const requestKinds = { event: 1, initiation: 2 } as const;
export const eventKinds = { call: 1, return: 2, exit: 3 } as const;
export const results = { ack: 1, error: 2, end: 3 } as const;

/** InspectorMsgReq as it is read; the stack trace is read too, and nothing here asks for it. */
export interface RequestMessage {
  readonly entityId: string;
  readonly type: number;
  readonly msgId: number;
  readonly gaMsgId?: number;
  readonly event?: {
    readonly type: number;
    readonly funcCall?: { readonly name: string };
    readonly funcReturn?: { readonly name: string };
  };
  readonly javaSpecificFields?: {
    readonly threadName: string;
    readonly params?: readonly { readonly name: string; readonly value: string }[];
  };
}
