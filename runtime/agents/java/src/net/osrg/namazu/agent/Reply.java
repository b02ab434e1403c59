package net.osrg.namazu.agent;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;

/** InspectorMsgRsp: what the orchestrator answers. */
final class Reply {
  static final int ACK = 1;
  static final int END = 3;

  private static final int LONGEST = 64 * 1024;

  final int result;
  final int messageId;

  private Reply(int result, int messageId) {
    this.result = result;
    this.messageId = messageId;
  }

  /** Reads one frame. What is no reply is an IOException: the stream cannot be trusted after it. */
  static Reply readFrom(DataInputStream in) throws IOException {
    int length = Integer.reverseBytes(in.readInt());
    if (length < 0 || length > LONGEST) {
      throw new IOException("a reply of " + (length & 0xffffffffL) + " bytes was announced");
    }
    byte[] body = new byte[length];
    in.readFully(body);
    return parse(body);
  }

  private static Reply parse(byte[] body) throws IOException {
    Cursor cursor = new Cursor(body);
    int result = 0;
    int messageId = 0;
    while (cursor.at < body.length) {
      long tag = cursor.varint();
      if (tag == (1 << 3)) {
        result = (int) cursor.varint();
      } else if (tag == (2 << 3)) {
        messageId = (int) cursor.varint();
      } else {
        cursor.skip((int) (tag & 7));
      }
    }
    if (result == 0) {
      throw new IOException("a reply without a result");
    }
    return new Reply(result, messageId);
  }

  private static final class Cursor {
    private final byte[] body;
    private int at;

    Cursor(byte[] body) {
      this.body = body;
    }

    long varint() throws IOException {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        if (at >= body.length) {
          throw new EOFException("a reply that ends within a number");
        }
        byte next = body[at++];
        value |= (long) (next & 0x7f) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw new IOException("a reply with a number of more than ten bytes");
    }

    void skip(int wireType) throws IOException {
      long length;
      switch (wireType) {
        case 0:
          varint();
          return;
        case 1:
          length = 8;
          break;
        case 2:
          length = varint();
          break;
        case 5:
          length = 4;
          break;
        default:
          throw new IOException("a reply with a field of wire type " + wireType);
      }
      if (length < 0 || length > body.length - at) {
        throw new EOFException("a reply that ends within a field");
      }
      at += (int) length;
    }
  }
}
