package io.couplet.random;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Known-answer vectors of the authors' Random123 library, {@code philox4x32 10}. */
class Philox4x32Test {
  @Test
  void zeroCounterUnderZeroKey() {
    assertThat(block(0, 0, 0, 0, 0, 0))
        .containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
  }

  @Test
  void allOnesUnderAllOnes() {
    assertThat(block(-1, -1, -1, -1, -1, -1))
        .containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
  }

  @Test
  void digitsOfPi() {
    assertThat(block(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0))
        .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
  }

  @Property(tries = 200)
  void neighbouringCountersAndKeysGiveOtherBlocks(
      @ForAll int c0, @ForAll int c1, @ForAll int k0, @ForAll int k1) {
    int[] block = block(c0, c1, 0, 0, k0, k1);
    assertThat(block).isNotEqualTo(block(c0 + 1, c1, 0, 0, k0, k1));
    assertThat(block).isNotEqualTo(block(c0, c1, 0, 1, k0, k1));
    assertThat(block).isNotEqualTo(block(c0, c1, 0, 0, k0 + 1, k1));
    assertThat(block).isNotEqualTo(block(c0, c1, 0, 0, k0, k1 + 1));
  }

  private static int[] block(int c0, int c1, int c2, int c3, int k0, int k1) {
    int[] out = new int[4];
    Philox4x32.block(c0, c1, c2, c3, k0, k1, out);
    return out;
  }
}
