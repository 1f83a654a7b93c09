package io.couplet.grading;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Reads a file line by line in bounded memory and says which lines are no UTF-8 or too long. */
final class LineReader implements Closeable {
  static final int MAX_LINE = 64 << 20;

  /**
   * One line that is not blank.
   *
   * @param number counted from 1, blank lines included
   * @param text the line without its end, or null when there is a flaw
   * @param flaw why the line cannot be read, or null
   */
  record Line(long number, String text, String flaw) {}

  private final InputStream in;
  private final byte[] block = new byte[1 << 16];
  private int at;
  private int end;
  private long number;
  private long bytesRead;

  LineReader(InputStream in) {
    this.in = in;
  }

  /** The next line that is not blank; null at the end. */
  Line next() throws IOException {
    while (true) {
      ByteArrayOutputStream line = new ByteArrayOutputStream(512);
      long length = readLine(line);
      if (length < 0) {
        return null;
      }
      number++;
      if (length > MAX_LINE) {
        return new Line(number, null, "the line is longer than " + (MAX_LINE >> 20) + " MiB");
      }
      try {
        String text = decode(line.toByteArray());
        if (!text.isBlank()) {
          return new Line(number, text, null);
        }
      } catch (CharacterCodingException e) {
        return new Line(number, null, "the line is not valid UTF-8");
      }
    }
  }

  /** Bytes of the input consumed so far, for progress. */
  long bytesRead() {
    return bytesRead;
  }

  /** Length of the line, of which at most MAX_LINE bytes are kept; -1 at the end. */
  private long readLine(ByteArrayOutputStream line) throws IOException {
    long length = 0;
    boolean any = false;
    while (true) {
      if (at == end) {
        end = in.read(block);
        at = 0;
        if (end <= 0) {
          end = 0;
          return any ? length : -1;
        }
      }
      any = true;
      int from = at;
      while (at < end && block[at] != '\n') {
        at++;
      }
      length += at - from;
      if (length <= MAX_LINE) {
        line.write(block, from, at - from);
      }
      bytesRead += at - from;
      if (at < end) {
        at++;
        bytesRead++;
        return length;
      }
    }
  }

  private static String decode(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT)
        .decode(ByteBuffer.wrap(bytes))
        .toString();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
