package io.couplet.decoding;

import static io.couplet.decoding.HashDenoiser.SPECIAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.decoding.Completion.StopReason;
import io.couplet.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DecodingTest {
  private static final int[] PROMPT = {5, 6, 7};

  @Provide
  Arbitrary<DecodingSettings> settings() {
    return Combinators.combine(
            Arbitraries.of(DecodingAlgorithm.class),
            Arbitraries.of(DecodingSchedule.class),
            Arbitraries.integers().between(1, 20),
            Arbitraries.integers().between(1, 30),
            Arbitraries.of(0f, 0.5f, 1.2f),
            Arbitraries.of(0.8f, 1f),
            Arbitraries.of(0, 4),
            Arbitraries.of(0f, 0.5f))
        .as(
            (algorithm, schedule, length, steps, temperature, topP, topK, algTemp) ->
                new DecodingSettings(
                    algorithm,
                    algorithm == DecodingAlgorithm.ORIGIN ? DecodingSchedule.DREAM : schedule,
                    length,
                    steps,
                    temperature,
                    topP,
                    topK,
                    algTemp));
  }

  @Property(tries = 100)
  void theSavingsChangeNothing(
      @ForAll("settings") DecodingSettings settings,
      @ForAll @IntRange(min = 0, max = 99) int seed) {
    HashDenoiser plain = new HashDenoiser(2);
    HashDenoiser saving = new HashDenoiser(2);
    List<Completion> expected =
        new PlainDecoder(plain).decode(PROMPT, settings, SPECIAL, streams(seed, "g", 3));
    List<Completion> found =
        new BatchDecoder(saving, 64).decode(group(PROMPT, settings, seed, "g"));
    assertThat(found).usingRecursiveComparison().isEqualTo(expected);
    assertThat(plain.forwards).isEqualTo(settings.steps());
    assertThat(saving.forwards).isLessThanOrEqualTo(plain.forwards);
    assertThat(saving.queries).isLessThan(plain.queries);
    assertThat(saving.sequences).isLessThan(plain.sequences);
  }

  @Property(tries = 60)
  void aSampleDependsNeitherOnItsBatchMatesNorOnWhenTheyJoin(
      @ForAll("settings") DecodingSettings settings,
      @ForAll("settings") DecodingSettings others,
      @ForAll @IntRange(min = 0, max = 99) int seed) {
    List<Completion> alone =
        new BatchDecoder(new HashDenoiser(1), 64).decode(group(PROMPT, settings, seed, "g"));

    BatchDecoder decoder = new BatchDecoder(new HashDenoiser(1), 5);
    List<DenoisingRow> mine = group(PROMPT, settings, seed, "g");
    List<DenoisingRow> running = new ArrayList<>(group(new int[] {9}, others, seed, "before"));
    decoder.step(running);
    running.addAll(mine);
    decoder.step(running);
    running.addAll(group(new int[] {4, 4, 4, 4}, others, seed, "after"));
    Collections.shuffle(running, new Random(seed));
    decoder.decode(running);

    assertThat(mine.stream().map(DenoisingRow::completion).toList())
        .usingRecursiveComparison()
        .isEqualTo(alone);
  }

  @Property(tries = 60)
  void everythingUpToTheStopTokenIsCommittedAndTheRestIsFilled(
      @ForAll("settings") DecodingSettings settings,
      @ForAll @IntRange(min = 0, max = 99) int seed) {
    for (Completion completion :
        new BatchDecoder(new HashDenoiser(1), 64).decode(group(PROMPT, settings, seed, "g"))) {
      int used = completion.committed();
      assertThat(Arrays.copyOf(completion.ids(), used)).doesNotContain(SPECIAL.mask());
      assertThat(Arrays.stream(completion.stepMap()).limit(used))
          .allMatch(step -> step >= 0 && step < settings.steps());
      assertThat(completion.contentIds()).doesNotContain(2, 3);
      for (int k = used; k < settings.length(); k++) {
        assertThat(completion.ids()[k]).isEqualTo(SPECIAL.pad());
        assertThat(completion.stepMap()[k]).isEqualTo(-1);
        assertThat(completion.confidences()[k]).isZero();
      }
      boolean stopped = completion.stopReason() == StopReason.STOP_TOKEN;
      assertThat(SPECIAL.isStop(completion.ids()[used - 1])).isEqualTo(stopped);
      assertThat(stopped || used == settings.length()).isTrue();
    }
  }

  @Test
  void aRowIsDroppedAsSoonAsItsStopTokenIsSettled() {
    DecodingSettings settings = settings(DecodingAlgorithm.ENTROPY, 64, 64);
    HashDenoiser denoiser = new HashDenoiser(6);
    List<Completion> completions =
        new BatchDecoder(denoiser, 64).decode(group(PROMPT, settings, 1, "g"));
    assertThat(completions).allMatch(c -> c.stopReason() == StopReason.STOP_TOKEN);
    assertThat(denoiser.forwards).isLessThan(48);
  }

  @Test
  void stepsThatCommitNothingCostNoForwardPass() {
    DecodingSettings settings = settings(DecodingAlgorithm.ENTROPY, 100, 256);
    HashDenoiser denoiser = new HashDenoiser(-100);
    new BatchDecoder(denoiser, 64).decode(group(PROMPT, settings, 1, "g"));
    assertThat(denoiser.forwards).isEqualTo(256 - 157);
  }

  @Test
  void originAsksOnlyForThePositionsItTransfers() {
    DecodingSettings settings = settings(DecodingAlgorithm.ORIGIN, 50, 25);
    HashDenoiser denoiser = new HashDenoiser(-100);
    new BatchDecoder(denoiser, 64).decode(group(PROMPT, settings, 1, "g"));
    assertThat(denoiser.queries).isEqualTo(3 * 50);
  }

  @Test
  void rowsThatHoldTheSameTokensAreOneSequenceOfThePass() {
    DecodingSettings greedy = DecodingSettings.defaults(16, 0);
    HashDenoiser denoiser = new HashDenoiser(-100);
    List<DenoisingRow> rows = new ArrayList<>(group(PROMPT, greedy, 1, "g"));
    rows.addAll(group(PROMPT, greedy, 1, "other"));
    new BatchDecoder(denoiser, 64).decode(rows);
    assertThat(denoiser.sequences).as("six times one sample").isEqualTo(denoiser.forwards);

    HashDenoiser mixed = new HashDenoiser(-100);
    rows = new ArrayList<>(group(PROMPT, greedy, 1, "g"));
    rows.addAll(group(PROMPT, settings(DecodingAlgorithm.ENTROPY, 16, 16), 1, "g"));
    new BatchDecoder(mixed, 64).step(rows);
    assertThat(mixed.sequences).as("two settings").isEqualTo(2);
  }

  @Test
  void noForwardPassHoldsMoreRowsThanAllowed() {
    HashDenoiser denoiser = new HashDenoiser();
    new BatchDecoder(denoiser, 2)
        .decode(group(PROMPT, settings(DecodingAlgorithm.ENTROPY, 8, 8), 1, "g"));
    assertThat(denoiser.largestBatch).isEqualTo(2);
  }

  @Test
  void originTransfersTheShareOfDreamsTimetable() {
    DecodingSettings settings = settings(DecodingAlgorithm.ORIGIN, 400, 4);
    Completion completion =
        new BatchDecoder(new HashDenoiser(-100), 64).decode(group(PROMPT, settings, 1, "g")).get(0);
    for (int step = 0; step < 4; step++) {
      int now = step;
      long committed = Arrays.stream(completion.stepMap()).filter(s -> s == now).count();
      assertThat(committed).isBetween(70L, 130L); // 100 expected, standard deviation below 9
    }
  }

  @Test
  void membersOfAGroupDiffer() {
    List<Completion> completions =
        new BatchDecoder(new HashDenoiser(-100), 64)
            .decode(group(PROMPT, settings(DecodingAlgorithm.ENTROPY, 16, 16), 1, "g"));
    assertThat(completions.get(0).ids()).isNotEqualTo(completions.get(1).ids());
    assertThat(completions.get(0).seed()).isEqualTo("1/rollout/g/0");
  }

  @Test
  void anEmptyPromptIsRefused() {
    DecodingSettings settings = settings(DecodingAlgorithm.ENTROPY, 4, 4);
    assertThatThrownBy(() -> group(new int[0], settings, 1, "g"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("prompt is empty");
  }

  @Test
  void aConfidenceThatIsNotANumberIsNamed() {
    DenoisingRow row = group(PROMPT, settings(DecodingAlgorithm.ENTROPY, 2, 2), 1, "g").get(0);
    Candidates candidates = new Candidates(new int[] {4, 4}, new float[] {0, Float.NaN});
    assertThatThrownBy(() -> row.commit(candidates, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("completion position 1 at step 1")
        .hasMessageContaining("1/rollout/g/0");
  }

  @Test
  void originWithAUniformScheduleIsRefused() {
    assertThatThrownBy(
            () ->
                new DecodingSettings(
                    DecodingAlgorithm.ORIGIN, DecodingSchedule.UNIFORM, 4, 4, 1, 1, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("set schedule to dream");
  }

  private static DecodingSettings settings(DecodingAlgorithm algorithm, int length, int steps) {
    return new DecodingSettings(algorithm, DecodingSchedule.DREAM, length, steps, 1, 1, 0, 0);
  }

  private static List<DenoisingRow> group(
      int[] prompt, DecodingSettings settings, int seed, String group) {
    return streams(seed, group, 3).stream()
        .map(stream -> new DenoisingRow(prompt, settings, SPECIAL, stream))
        .toList();
  }

  private static List<RandomStream> streams(int seed, String group, int members) {
    return IntStream.range(0, members)
        .mapToObj(member -> RandomStream.named(seed, "rollout", group, member))
        .toList();
  }
}
