package io.couplet.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalfPrecisionTest {
  @Test
  void everySixteenBitValueSurvivesTheRoundTrip() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      short half = (short) bits;
      float wide = HalfPrecision.float16ToFloat(half);
      float brain = HalfPrecision.bfloat16ToFloat(half);
      if (Float.isNaN(wide)) {
        assertThat(HalfPrecision.float16ToFloat(HalfPrecision.floatToFloat16(wide))).isNaN();
      } else {
        assertThat(HalfPrecision.floatToFloat16(wide)).isEqualTo(half);
      }
      if (Float.isNaN(brain)) {
        assertThat(HalfPrecision.bfloat16ToFloat(HalfPrecision.floatToBfloat16(brain))).isNaN();
      } else {
        assertThat(HalfPrecision.floatToBfloat16(brain)).isEqualTo(half);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1.0, 3c00",
    "-2.0, c000",
    "65504, 7bff",
    "65519, 7bff",
    "65520, 7c00",
    "5.9604645E-8, 0001",
    "2.9802322E-8, 0000",
    "8.940697E-8, 0002",
    "6.1035156E-5, 0400",
    "6.0975552E-5, 03ff",
    "0.33333334, 3555",
    "1.00048828125, 3c00",
    "1.00146484375, 3c02",
    "-0.0, 8000"
  })
  void float16RoundsToNearestEven(float value, String bits) {
    assertThat(HalfPrecision.floatToFloat16(value)).isEqualTo((short) Integer.parseInt(bits, 16));
  }

  @ParameterizedTest
  @CsvSource({
    "1.0, 3f80",
    "3.1415927, 4049",
    "1.00390625, 3f80",
    "1.01171875, 3f82",
    "3.4028235E38, 7f80",
    "-0.0, 8000"
  })
  void bfloat16RoundsToNearestEven(float value, String bits) {
    assertThat(HalfPrecision.floatToBfloat16(value)).isEqualTo((short) Integer.parseInt(bits, 16));
  }

  @Property
  void noOtherSixteenBitValueIsNearer(@ForAll float value) {
    short half = HalfPrecision.floatToFloat16(value);
    short brain = HalfPrecision.floatToBfloat16(value);
    for (int step = -1; step <= 1; step += 2) {
      assertNotNearer(
          value,
          HalfPrecision.float16ToFloat(half),
          HalfPrecision.float16ToFloat((short) (half + step)));
      assertNotNearer(
          value,
          HalfPrecision.bfloat16ToFloat(brain),
          HalfPrecision.bfloat16ToFloat((short) (brain + step)));
    }
  }

  private static void assertNotNearer(float value, float chosen, float other) {
    if (Float.isFinite(chosen) && Float.isFinite(other)) {
      assertThat(Math.abs((double) chosen - value))
          .isLessThanOrEqualTo(Math.abs((double) other - value));
    }
  }
}
