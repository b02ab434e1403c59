package net.osrg.namazu.agent;

import java.util.Map;

/** InspectorMsgReq, in the order of its fields: Namazu's misc/inspector/inspector_message.proto. */
final class Requests {
  private static final int EVENT = 1;
  private static final int INITIATION = 2;
  private static final int FUNC_CALL = 1;
  private static final int FUNC_RETURN = 2;
  private static final int EXIT = 3;

  private final String entity;
  private final int pid;

  Requests(String entity, int pid) {
    this.entity = entity;
    this.pid = pid;
  }

  byte[] initiation() {
    // Namazu's own agent forgets field 9 here, which is required; protobuf-java then refuses to build the message.
    return head(INITIATION, 0).message(8, new WireMessage().text(1, entity)).number(9, 0).toFrame();
  }

  byte[] function(int messageId, boolean isCall, String name, JavaFields fields) {
    WireMessage event =
        new WireMessage()
            .number(1, isCall ? FUNC_CALL : FUNC_RETURN)
            .message(isCall ? 2 : 3, new WireMessage().text(1, name));
    return head(EVENT, messageId).message(7, event).number(9, 1).message(10, fields(fields)).toFrame();
  }

  byte[] exit(int messageId) {
    WireMessage event = new WireMessage().number(1, EXIT).message(4, new WireMessage().number(1, 0));
    return head(EVENT, messageId).message(7, event).number(9, 0).toFrame();
  }

  private WireMessage head(int type, int messageId) {
    return new WireMessage()
        .text(1, entity)
        .number(2, type)
        .number(3, pid)
        .number(4, (int) Thread.currentThread().getId())
        .number(5, messageId);
  }

  private static WireMessage fields(JavaFields fields) {
    WireMessage message =
        new WireMessage().text(1, fields.threadName).number(2, fields.stack.length);
    for (StackTraceElement frame : fields.stack) {
      message.message(3, frame(frame));
    }
    message.number(4, fields.parameters.size());
    for (Map.Entry<String, String> parameter : fields.parameters.entrySet()) {
      message.message(5, new WireMessage().text(1, parameter.getKey()).text(2, parameter.getValue()));
    }
    return message;
  }

  private static WireMessage frame(StackTraceElement frame) {
    String file = frame.getFileName();
    return new WireMessage()
        .text(1, file == null ? "<no file name>" : file)
        .text(2, frame.getClassName())
        .text(3, frame.getMethodName())
        .number(4, frame.getLineNumber());
  }
}
