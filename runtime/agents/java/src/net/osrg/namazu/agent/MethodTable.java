package net.osrg.namazu.agent;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/** The methods of a class file (JVM specification, chapter 4), read without loading the class. */
final class MethodTable {
  private static final int NATIVE = 0x0100;
  private static final int ABSTRACT = 0x0400;
  private static final int SYNTHETIC = 0x1000;

  /** Every name, of abstract and synthetic methods too. */
  final Set<String> all = new LinkedHashSet<String>();
  /** Names of methods that are written in the source and have code. */
  final Set<String> withCode = new LinkedHashSet<String>();

  MethodTable(byte[] classFile) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
    skip(in, 8); // magic, version
    String[] texts = readConstants(in);
    skip(in, 6); // flags, this, super
    skip(in, 2 * in.readUnsignedShort());
    int fields = in.readUnsignedShort();
    for (int index = 0; index < fields; index++) {
      skip(in, 6);
      skipAttributes(in);
    }
    int methods = in.readUnsignedShort();
    for (int index = 0; index < methods; index++) {
      int flags = in.readUnsignedShort();
      String name = texts[in.readUnsignedShort()];
      skip(in, 2);
      skipAttributes(in);
      all.add(name);
      if ((flags & (NATIVE | ABSTRACT | SYNTHETIC)) == 0) {
        withCode.add(name);
      }
    }
  }

  private static String[] readConstants(DataInputStream in) throws IOException {
    int count = in.readUnsignedShort();
    String[] texts = new String[count];
    for (int index = 1; index < count; index++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 1:
          texts[index] = in.readUTF();
          break;
        case 7:
        case 8:
        case 16:
        case 19:
        case 20:
          skip(in, 2);
          break;
        case 15:
          skip(in, 3);
          break;
        case 5:
        case 6:
          skip(in, 8);
          index++; // long and double take two places
          break;
        case 3:
        case 4:
        case 9:
        case 10:
        case 11:
        case 12:
        case 17:
        case 18:
          skip(in, 4);
          break;
        default:
          throw new IOException("constant of kind " + tag);
      }
    }
    return texts;
  }

  private static void skipAttributes(DataInputStream in) throws IOException {
    int count = in.readUnsignedShort();
    for (int index = 0; index < count; index++) {
      skip(in, 2);
      skip(in, in.readInt());
    }
  }

  private static void skip(DataInputStream in, int count) throws IOException {
    if (count < 0 || in.skipBytes(count) != count) {
      throw new IOException("it ends early");
    }
  }
}
