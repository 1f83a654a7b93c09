package io.couplet.worker.scripted;

import java.nio.charset.StandardCharsets;

/** Turns scripted texts into token ids. Thread-safe. */
public interface ScriptTokens {
  int[] encode(String text);

  String decode(int[] ids);

  /** The token that ends a completion. */
  int stopToken();

  /** The token that fills the tail behind it. */
  int padToken();

  /** One token per UTF-8 byte, 256 to stop and 257 to fill. */
  static ScriptTokens bytes() {
    return new ScriptTokens() {
      @Override
      public int[] encode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] ids = new int[bytes.length];
        for (int i = 0; i < ids.length; i++) {
          ids[i] = bytes[i] & 0xFF;
        }
        return ids;
      }

      @Override
      public String decode(int[] ids) {
        byte[] bytes = new byte[ids.length];
        for (int i = 0; i < ids.length; i++) {
          bytes[i] = (byte) ids[i];
        }
        return new String(bytes, StandardCharsets.UTF_8);
      }

      @Override
      public int stopToken() {
        return 256;
      }

      @Override
      public int padToken() {
        return 257;
      }
    };
  }
}
