package net.osrg.namazu.agent;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A proto2 message under construction: the three kinds of field that Namazu's messages have. */
final class WireMessage {
  private static final int VARINT = 0;
  private static final int BYTES = 2;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);

  WireMessage number(int field, int value) {
    varint((long) field << 3 | VARINT);
    varint(value);
    return this;
  }

  WireMessage text(int field, String value) {
    return raw(field, value.getBytes(StandardCharsets.UTF_8));
  }

  WireMessage message(int field, WireMessage value) {
    return raw(field, value.bytes.toByteArray());
  }

  /** With its length before it, little-endian. */
  byte[] toFrame() {
    byte[] body = bytes.toByteArray();
    byte[] frame = new byte[4 + body.length];
    for (int index = 0; index < 4; index++) {
      frame[index] = (byte) (body.length >>> (8 * index));
    }
    System.arraycopy(body, 0, frame, 4, body.length);
    return frame;
  }

  private WireMessage raw(int field, byte[] value) {
    varint((long) field << 3 | BYTES);
    varint(value.length);
    bytes.write(value, 0, value.length);
    return this;
  }

  // A negative int32 is ten bytes long: its sign goes on to bit 63.
  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }
}
