package io.couplet.safetensors;

/** Element types of the safetensors format that this project reads and writes. */
public enum ElementType {
  F32(4, true),
  F16(2, true),
  BF16(2, true),
  I64(8, false),
  I32(4, false),
  U8(1, false);

  private final int bytes;
  private final boolean floating;

  ElementType(int bytes, boolean floating) {
    this.bytes = bytes;
    this.floating = floating;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Whether elements read as float32. */
  public boolean isFloating() {
    return floating;
  }
}
