package io.couplet.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript archive, the zip file that {@code torch.jit.load} reads, from the source of
 * one class without parameters and the values of its attributes. No Python takes part.
 */
final class TorchScriptArchive {
  /** File format of PyTorch 2; older numbers give some operators their former meaning. */
  private static final String FORMAT_VERSION = "10\n";

  /** An empty tuple, pickled. */
  private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  private TorchScriptArchive() {}

  /**
   * The bytes of the archive.
   *
   * @param source a class definition as {@code __torch__.py} holds it
   * @param attributes every attribute that the class declares: Boolean, Integer or Double
   */
  static byte[] of(String className, String source, Map<String, Object> attributes) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "data.pkl", object(className, attributes));
      store(zip, "code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
      store(zip, "constants.pkl", NO_CONSTANTS);
      store(zip, "version", FORMAT_VERSION.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Pickle, protocol 2: an instance of the class and the dictionary of its attributes. */
  private static byte[] object(String className, Map<String, Object> attributes) {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.write(0x80); // PROTO 2
    pickle.write(2);
    ascii(pickle, "c__torch__\n" + className + "\n"); // GLOBAL
    ascii(pickle, ")\u0081"); // EMPTY_TUPLE NEWOBJ
    ascii(pickle, "}("); // EMPTY_DICT MARK
    attributes.forEach(
        (name, value) -> {
          byte[] key = name.getBytes(StandardCharsets.UTF_8);
          pickle.write('X'); // BINUNICODE
          pickle.writeBytes(littleEndian(Integer.BYTES).putInt(key.length).array());
          pickle.writeBytes(key);
          value(pickle, name, value);
        });
    ascii(pickle, "ub."); // SETITEMS BUILD STOP
    return pickle.toByteArray();
  }

  private static void value(ByteArrayOutputStream pickle, String name, Object value) {
    if (value instanceof Boolean truth) {
      pickle.write(truth ? 0x88 : 0x89); // NEWTRUE NEWFALSE
    } else if (value instanceof Integer integer) {
      pickle.write('J'); // BININT
      pickle.writeBytes(littleEndian(Integer.BYTES).putInt(integer).array());
    } else if (value instanceof Double real) {
      pickle.write('G'); // BINFLOAT, the one big-endian number of the format
      pickle.writeBytes(ByteBuffer.allocate(Double.BYTES).putDouble(real).array());
    } else {
      throw new IllegalArgumentException(
          "Attribute " + name + " must be Boolean, Integer or Double, not " + value);
    }
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void ascii(ByteArrayOutputStream pickle, String text) {
    pickle.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry("dream/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
