package io.couplet.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.couplet.analysis.ArNess.Edge;
import io.couplet.analysis.ArNess.LocalRule;
import io.couplet.analysis.CommitOrder.Ties;
import io.couplet.random.RandomStream;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArNessTest {
  private static final int T = 40;

  @ParameterizedTest
  @EnumSource(LocalRule.class)
  void leftToRightIsOne(LocalRule rule) {
    CommitOrder identity = order(IntStream.range(0, T).toArray());
    for (int k = 1; k <= 9; k++) {
      assertThat(ArNess.local(identity, k, rule, Edge.SKIP)).isEqualTo(1);
      assertThat(ArNess.local(identity, k, rule, Edge.PROMPT)).isEqualTo(1);
      assertThat(ArNess.local(identity, k, rule, Edge.ZERO)).isEqualTo((T - k) / (double) T);
      assertThat(ArNess.global(identity, k)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(LocalRule.class)
  void rightToLeftHasNoRunsAndOneLeftmostCommit(LocalRule rule) {
    CommitOrder reversed = order(IntStream.range(0, T).map(i -> T - 1 - i).toArray());
    for (Edge edge : Edge.values()) {
      assertThat(ArNess.local(reversed, 1, rule, edge)).isEqualTo(0);
    }
    // Under "set" the last commit, position 0, has no position to its left to match either.
    assertThat(ArNess.global(reversed, 1)).isEqualTo(1.0 / T);
    assertThat(ArNess.global(reversed, 4)).isEqualTo(4.0 / T);
  }

  @Test
  void randomOrdersHaveTheExpectationsOfTheClosedForm() {
    int samples = 20_000;
    int length = 12;
    RandomStream random = RandomStream.named(5, "orders");
    double local = 0;
    double[] global = new double[4];
    for (int i = 0; i < samples; i++) {
      CommitOrder order = order(permutation(length, random));
      local += ArNess.local(order, 1, LocalRule.SET, Edge.SKIP) / samples;
      for (int k = 1; k <= 4; k++) {
        global[k - 1] += ArNess.global(order, k) / samples;
      }
    }
    assertThat(local).isCloseTo(1.0 / length, within(0.004));
    for (int k = 1; k <= 4; k++) {
      assertThat(global[k - 1]).isCloseTo(expectedGlobal(length, k), within(0.004));
    }
    assertThat(expectedGlobal(256, 1)).isCloseTo(0.0239, within(5e-5));
  }

  private static double expectedGlobal(int length, int k) {
    return IntStream.rangeClosed(1, length).mapToDouble(m -> Math.min(1, k / (double) m)).sum()
        / length;
  }

  @Test
  void setAndSequenceDifferOnASwappedPair() {
    CommitOrder swapped = order(1, 0, 2);
    assertThat(ArNess.local(swapped, 1, LocalRule.SET, Edge.SKIP)).isEqualTo(0);
    assertThat(ArNess.local(swapped, 2, LocalRule.SET, Edge.SKIP)).isEqualTo(1);
    assertThat(ArNess.local(swapped, 2, LocalRule.SEQUENCE, Edge.SKIP)).isEqualTo(0);
  }

  @Property(tries = 300)
  void sequenceNeverGrowsWithKAndGlobalNeverFalls(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 14) int length) {
    CommitOrder order = order(permutation(length, RandomStream.named(seed, "order")));
    for (int k = 1; k < 9; k++) {
      // A fixed denominator: every commit counts.
      assertThat(ArNess.local(order, k + 1, LocalRule.SEQUENCE, Edge.ZERO))
          .isLessThanOrEqualTo(ArNess.local(order, k, LocalRule.SEQUENCE, Edge.ZERO));
      assertThat(ArNess.global(order, k + 1)).isGreaterThanOrEqualTo(ArNess.global(order, k));
    }
    assertThat(ArNess.global(order, length)).isEqualTo(1);
  }

  @Property(tries = 300)
  void anyOrderOfTiesLiesBetweenTheGlobalBounds(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int length) {
    RandomStream random = RandomStream.named(seed, "ties");
    int[] stepMap = IntStream.range(0, length).map(i -> random.nextInt(4)).toArray();
    float[] confidences = new float[length];
    for (int i = 0; i < length; i++) {
      confidences[i] = random.nextFloat();
    }
    for (int k = 1; k <= 4; k++) {
      double upper = ArNess.global(CommitOrder.of(stepMap, confidences, Ties.ASCENDING), k);
      double lower = ArNess.global(CommitOrder.of(stepMap, confidences, Ties.DESCENDING), k);
      double between = ArNess.global(CommitOrder.of(stepMap, confidences, Ties.CONFIDENCE), k);
      assertThat(between).isBetween(lower, upper);
    }
  }

  @Test
  void tiesOfLocalOnlyIndicate() {
    int[] stepMap = {3, 3, 3, 1, 3, 0, 1};
    float[] confidences = {0, 0, 0, 0.2f, 0, 0, 0.9f};
    CommitOrder ascending = CommitOrder.of(stepMap, confidences, Ties.ASCENDING);
    CommitOrder descending = CommitOrder.of(stepMap, confidences, Ties.DESCENDING);
    assertThat(ascending.positions()).startsWith(5, 3, 6);
    assertThat(descending.positions()).startsWith(5, 6, 3);
    assertThat(CommitOrder.of(stepMap, confidences, Ties.CONFIDENCE).positions())
        .containsExactly(5, 6, 3, 0, 1, 2, 4);
    assertThat(ArNess.local(head(ascending, 3), 1, LocalRule.SET, Edge.SKIP)).isEqualTo(0);
    assertThat(ArNess.local(head(descending, 3), 1, LocalRule.SET, Edge.SKIP)).isEqualTo(0.5);
  }

  private static CommitOrder head(CommitOrder order, int commits) {
    return new CommitOrder(
        order.length(),
        Arrays.copyOf(order.positions(), commits),
        Arrays.copyOf(order.steps(), commits));
  }

  @Test
  void aStepAsAGroupIsHeldAgainstTheMaskedSetBeforeIt() {
    CommitOrder pair = CommitOrder.of(new int[] {0, 0, 1}, new float[3], Ties.DESCENDING);
    // Before step 0 positions 0 and 1 are the first and second of three.
    assertThat(ArNess.globalByStep(pair, 1)).isEqualTo(2.0 / 3);
    assertThat(ArNess.globalByStep(pair, 2)).isEqualTo(1);
    assertThat(ArNess.global(pair, 1)).isEqualTo(2.0 / 3);
    CommitOrder ascending = CommitOrder.of(new int[] {0, 0, 1}, new float[3], Ties.ASCENDING);
    assertThat(ArNess.global(ascending, 1)).isEqualTo(1);
    assertThat(ArNess.globalByStep(ascending, 1)).isEqualTo(2.0 / 3);
  }

  @Test
  void theFilledTailIsNoCommitButWasMasked() {
    // Position 3 was committed while 2, never committed, was still masked.
    CommitOrder order = CommitOrder.of(new int[] {1, 2, -1, 0}, new float[4], Ties.ASCENDING);
    assertThat(order.positions()).containsExactly(3, 0, 1);
    assertThat(ArNess.global(order, 1)).isEqualTo(2.0 / 3);
    assertThat(ArNess.global(order, 3)).isEqualTo(2.0 / 3);
    assertThat(ArNess.global(order, 4)).isEqualTo(1);
  }

  @Test
  void theScopeUpToTheStopTokenLeavesLaterCommitsOut() {
    int[] stepMap = {1, 2, 3, 0};
    CommitOrder answer = CommitOrder.upTo(3, stepMap, new float[4], Ties.ASCENDING);
    assertThat(answer.positions()).containsExactly(0, 1, 2);
    assertThat(ArNess.local(answer, 1, LocalRule.SET, Edge.SKIP)).isEqualTo(1);
  }

  @Test
  void promptEdgeMakesThePromptAPredecessor() {
    CommitOrder order = order(0, 2, 1);
    assertThat(ArNess.local(order, 1, LocalRule.SET, Edge.PROMPT)).isEqualTo(1.0 / 3);
    assertThat(ArNess.local(order, 2, LocalRule.SEQUENCE, Edge.PROMPT)).isEqualTo(1.0 / 3);
    assertThat(ArNess.local(order, 1, LocalRule.SET, Edge.SKIP)).isEqualTo(0);
  }

  @Test
  void tooFewCommitsAreUndefinedAndLeftOutOfMeans() {
    CommitOrder none = order();
    assertThat(ArNess.global(none, 1)).isNaN();
    for (Edge edge : Edge.values()) {
      assertThat(ArNess.local(none, 1, LocalRule.SET, edge)).isNaN();
    }
    assertThat(ArNess.local(order(0, 1), 2, LocalRule.SET, Edge.SKIP)).isNaN();
    assertThat(ArNess.local(order(0, 1), 2, LocalRule.SET, Edge.ZERO)).isEqualTo(0);

    ArNessSummary summary = new ArNessSummary();
    summary.add(new int[] {0, 1}, new float[2], 2);
    summary.add(new int[] {0, 1, 2, 3}, new float[4], 4);
    summary.add(new int[] {-1, -1}, new float[2], 2);
    assertThat(summary.means())
        .containsEntry("local@2/asc", 1.0)
        .containsEntry("global@1/desc", 1.0)
        .containsEntry("local@9/asc", Double.NaN)
        .hasSize(26);
  }

  private static CommitOrder order(int... positions) {
    return new CommitOrder(
        positions.length, positions, IntStream.range(0, positions.length).toArray());
  }

  private static int[] permutation(int length, RandomStream random) {
    int[] positions = IntStream.range(0, length).toArray();
    for (int i = length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = positions[i];
      positions[i] = positions[j];
      positions[j] = swapped;
    }
    return positions;
  }
}
