package io.couplet.safetensors;

/** Conversions between float32 and the two 16-bit formats; to 16 bits rounds to nearest even. */
public final class HalfPrecision {
  private static final int FLOAT_EXPONENT_BIAS = 127;
  private static final int HALF_EXPONENT_BIAS = 15;
  private static final int DROPPED_BITS = 13;

  private HalfPrecision() {}

  public static float bfloat16ToFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  public static short floatToBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    int roundToEven = 0x7FFF + ((bits >>> 16) & 1);
    return (short) ((bits + roundToEven) >>> 16);
  }

  public static float float16ToFloat(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >>> 10) & 0x1F;
    int mantissa = bits & 0x3FF;
    if (exponent == 0) {
      float magnitude = mantissa * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    int wideExponent =
        exponent == 0x1F ? 0xFF : exponent - HALF_EXPONENT_BIAS + FLOAT_EXPONENT_BIAS;
    return Float.intBitsToFloat(sign | (wideExponent << 23) | (mantissa << DROPPED_BITS));
  }

  /** Values beyond 65504 (after rounding) become infinite. */
  public static short floatToFloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return (short) (sign | 0x7E00);
    }
    if (magnitude >= 65520f) {
      return (short) (sign | 0x7C00);
    }
    if (magnitude < 0x1p-14f) {
      // Subnormal: a multiple of 2^-24; rint rounds halves to even.
      return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
    }
    int rebased =
        Float.floatToRawIntBits(magnitude) - ((FLOAT_EXPONENT_BIAS - HALF_EXPONENT_BIAS) << 23);
    int roundToEven = 0xFFF + ((rebased >>> DROPPED_BITS) & 1);
    return (short) (sign | ((rebased + roundToEven) >>> DROPPED_BITS));
  }
}
