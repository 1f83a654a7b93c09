package io.couplet.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RandomStreamTest {
  @Property(tries = 100)
  void theCursorReadsThePositionsInOrder(@ForAll long seed, @ForAll String name) {
    RandomStream stream = RandomStream.named(seed, "test", name);
    for (int position = 0; position < 11; position++) {
      assertThat(stream.nextInt()).isEqualTo(stream.wordAt(position));
    }
  }

  @Test
  void wordAtLeavesTheCursorAlone() {
    RandomStream stream = RandomStream.named(1, "test");
    int first = stream.wordAt(0);
    stream.wordAt(1_000_000_000_000L);
    assertThat(stream.nextInt()).isEqualTo(first);
  }

  @Test
  void positionsBeyondTheFirstCounterWordGoOn() {
    RandomStream stream = RandomStream.named(1, "test");
    Set<Integer> words = new HashSet<>();
    for (long block = (1L << 32) - 2; block < (1L << 32) + 2; block++) {
      words.add(stream.wordAt(block * 4));
    }
    words.add(stream.wordAt(0));
    assertThat(words).hasSize(5);
  }

  @Test
  void everyPartOfTheNameCounts() {
    Set<Integer> first = new HashSet<>();
    first.add(RandomStream.named(1, "mask", "g", 1).nextInt());
    first.add(RandomStream.named(2, "mask", "g", 1).nextInt());
    first.add(RandomStream.named(1, "noise", "g", 1).nextInt());
    first.add(RandomStream.named(1, "mask", "g1").nextInt());
    first.add(RandomStream.named(1, "mask", "g", 1, 0).nextInt());
    first.add(RandomStream.named(1, "mask", 1, "g").nextInt());
    assertThat(first).hasSize(6);
    assertThat(RandomStream.named(1, "mask", "g", 1).nextLong())
        .isEqualTo(RandomStream.named(1, "mask", "g", 1L).nextLong());
  }

  /** Pins the mapping from names to numbers: old runs must replay with new programs. */
  @Test
  void theNumbersOfANameNeverChange() {
    RandomStream stream = RandomStream.named(42, "rollout", "group-7", 3);
    assertThat(stream.name()).isEqualTo("42/rollout/group-7/3");
    assertThat(new int[] {stream.nextInt(), stream.nextInt()})
        .containsExactly(-1819132206, -1314485713);
  }

  @Test
  void otherNamesAreRefused() {
    assertThatThrownBy(() -> RandomStream.named(1, "mask", 1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Double");
  }

  @Property(tries = 50)
  void boundedIntegersStayInRange(@ForAll long seed, @ForAll @IntRange(min = 1) int bound) {
    RandomStream stream = RandomStream.named(seed, "test");
    for (int i = 0; i < 20; i++) {
      assertThat(stream.nextInt(bound)).isBetween(0, bound - 1);
    }
  }

  @Test
  void boundedIntegersAreUniform() {
    RandomStream stream = RandomStream.named(9, "test");
    int[] counts = new int[7];
    for (int i = 0; i < 70_000; i++) {
      counts[stream.nextInt(7)]++;
    }
    double chiSquared = 0;
    for (int count : counts) {
      chiSquared += Math.pow(count - 10_000, 2) / 10_000;
    }
    assertThat(chiSquared).isLessThan(22.5); // 99.9 % quantile of 6 degrees of freedom
  }

  @Test
  void meansAndVariancesAreThoseOfTheDistributions() {
    RandomStream stream = RandomStream.named(10, "test");
    int n = 200_000;
    double uniform = 0;
    double normal = 0;
    double square = 0;
    for (int i = 0; i < n; i++) {
      float u = stream.nextFloat();
      double d = stream.nextDouble();
      double z = stream.nextGaussian();
      assertThat(u >= 0 && u < 1 && d >= 0 && d < 1 && Double.isFinite(z)).isTrue();
      uniform += (u + d) / 2 / n;
      normal += z / n;
      square += z * z / n;
    }
    assertThat(uniform).isCloseTo(0.5, within(0.003));
    assertThat(normal).isCloseTo(0, within(0.01));
    assertThat(square).isCloseTo(1, within(0.02));
  }
}
