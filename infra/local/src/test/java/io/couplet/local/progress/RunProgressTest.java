package io.couplet.local.progress;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.couplet.schemas.Evaluation;
import io.couplet.schemas.LedgerDrop;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.UpdateOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunProgressTest {
  private static final long STARTED = 1_000_000;

  @TempDir private Path temporary;
  private Path metrics;

  @BeforeEach
  void chooseFile() {
    metrics = temporary.resolve("metrics.jsonl");
  }

  @Test
  void theFirstLineHoldsTheBasePolicyAndWaitsForItsEvaluation() throws IOException {
    RunProgress progress = open(10, Optional.empty());
    progress.accept(entry(0));
    progress.accept(entry(1));
    assertThat(metrics).doesNotExist();

    progress.accept(evaluation(0, 0.48));

    List<JsonNode> lines = lines();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).get("step").asLong()).isZero();
    assertThat(lines.get(0).get("held_out_pass@1").asDouble()).isEqualTo(0.48);
    assertThat(lines.get(0).get("held_out_step").asLong()).isZero();
    assertThat(lines.get(1).has("held_out_pass@1")).isFalse();
  }

  @Test
  void withoutEvaluationTheFirstLineDoesNotWait() throws IOException {
    RunProgress progress = open(0, Optional.empty());
    progress.accept(entry(0));

    assertThat(lines()).hasSize(1);
  }

  @Test
  void anEvaluationStandsInTheNextLineWithItsStep() throws IOException {
    RunProgress progress = started(2);
    progress.accept(entry(1));
    progress.accept(entry(2));
    progress.accept(evaluation(2, 0.6));
    progress.accept(entry(3));
    progress.accept(entry(4));

    List<JsonNode> lines = lines();
    assertThat(lines.get(2).has("held_out_step")).isFalse();
    assertThat(lines.get(3).get("held_out_step").asLong()).isEqualTo(2);
    assertThat(lines.get(3).get("held_out_pass@1").asDouble()).isEqualTo(0.6);
    assertThat(lines.get(4).has("held_out_step")).isFalse();
  }

  @Test
  void noEvaluationIsLostWhenTwoComeBetweenUpdates() throws IOException {
    RunProgress progress = started(1);
    progress.accept(entry(1));
    progress.accept(entry(2));
    progress.accept(evaluation(1, 0.5));
    progress.accept(evaluation(2, 0.6));
    progress.accept(entry(3));
    progress.accept(entry(4));

    assertThat(lines().get(3).get("held_out_step").asLong()).isEqualTo(1);
    assertThat(lines().get(4).get("held_out_step").asLong()).isEqualTo(2);
  }

  @Test
  void theLastLineOfARunWithAnEndWaitsForItsEvaluation() throws IOException {
    RunProgress progress = open(2, Optional.of(2L));
    progress.accept(entry(0));
    progress.accept(evaluation(0, 0.4));
    progress.accept(entry(1));
    progress.accept(entry(2));
    progress.accept(entry(3));
    assertThat(progress.isDone()).isFalse();

    progress.accept(evaluation(2, 0.7));

    assertThat(progress.isDone()).isTrue();
    List<JsonNode> lines = lines();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(2).get("step").asLong()).isEqualTo(2);
    assertThat(lines.get(2).get("held_out_pass@1").asDouble()).isEqualTo(0.7);
  }

  @Test
  void theLastLineWaitsForTheEvaluationOfAnEarlierStepToo() throws IOException {
    RunProgress progress = open(2, Optional.of(5L));
    progress.accept(entry(0));
    progress.accept(evaluation(0, 0.4));
    progress.accept(entry(1));
    progress.accept(entry(2));
    progress.accept(evaluation(2, 0.5));
    for (int step = 3; step <= 6; step++) {
      progress.accept(entry(step));
    }
    assertThat(progress.isDone()).isFalse();

    progress.accept(evaluation(4, 0.6));

    assertThat(progress.isDone()).isTrue();
    List<JsonNode> lines = lines();
    assertThat(lines).hasSize(6);
    assertThat(lines.get(5).get("held_out_step").asLong()).isEqualTo(4);
  }

  @Test
  void theLastLinesKeepRoomForEveryEvaluationThatIsStillToCome() throws IOException {
    RunProgress progress = open(2, Optional.of(6L));
    progress.accept(entry(0));
    progress.accept(evaluation(0, 0.4));
    for (int step = 1; step <= 7; step++) {
      progress.accept(entry(step));
    }
    assertThat(lines()).as("steps 4, 5 and 6 are kept for 2, 4 and 6").hasSize(4);

    progress.accept(evaluation(2, 0.5));
    progress.accept(evaluation(4, 0.6));
    progress.accept(evaluation(6, 0.7));

    assertThat(progress.isDone()).isTrue();
    assertThat(lines())
        .filteredOn(line -> line.has("held_out_step"))
        .extracting(line -> line.get("step").asLong() + ": " + line.get("held_out_step").asLong())
        .containsExactly("0: 0", "4: 2", "5: 4", "6: 6");
  }

  @Test
  void anEvaluationThatWasNotMadeDoesNotHoldTheRunForEver() throws IOException {
    AtomicLong clock = new AtomicLong();
    RunProgress progress =
        RunProgress.open(metrics, new RunProgress.Plan(1, Optional.of(1L)), STARTED, clock::get);
    progress.accept(entry(0));
    progress.accept(entry(1));
    clock.addAndGet(Duration.ofMinutes(4).toNanos());
    progress.refresh();
    assertThat(metrics).doesNotExist();

    clock.addAndGet(Duration.ofMinutes(2).toNanos());
    progress.refresh();
    assertThat(lines()).hasSize(1);
    clock.addAndGet(Duration.ofMinutes(6).toNanos());
    progress.refresh();

    assertThat(progress.isDone()).isTrue();
    assertThat(lines()).noneMatch(line -> line.has("held_out_step"));
  }

  @Test
  void aLaterEvaluationMeansThatAnEarlierOneWasNotMade() throws IOException {
    RunProgress progress = open(1, Optional.empty());
    progress.accept(entry(0));
    progress.accept(entry(1));
    progress.accept(evaluation(1, 0.5));

    assertThat(lines()).hasSize(2);
    assertThat(lines().get(1).get("held_out_step").asLong()).isEqualTo(1);
  }

  @Test
  void recordsThatComeTwiceAreWrittenOnce() throws IOException {
    RunProgress progress = started(10);
    progress.accept(entry(1));
    progress.accept(entry(1));
    progress.accept(evaluation(0, 0.48));

    assertThat(lines()).hasSize(2);
  }

  @Test
  void aResumedRunContinuesTheFileAndCutsAHalfLine() throws IOException {
    RunProgress first = started(10);
    first.accept(entry(1));
    Files.writeString(metrics, "{\"step\": 2, \"rew", StandardOpenOption.APPEND);

    RunProgress second = open(10, Optional.empty());
    for (long step = 0; step <= 2; step++) {
      second.accept(entry(step));
    }
    second.accept(evaluation(0, 0.48));

    assertThat(lines()).extracting(line -> line.get("step").asLong()).containsExactly(0L, 1L, 2L);
  }

  @Test
  void aPauseBetweenTwoProcessesIsNotSlowGeneration() throws IOException {
    RunProgress progress = open(0, Optional.empty());
    LedgerEntry old = entry(1);
    old.setCreatedMs(STARTED - 3_600_000);
    progress.accept(old);
    LedgerEntry fresh = entry(2);
    fresh.setCreatedMs(STARTED + 2_000);

    UpdateMetrics update = progress.accept(fresh).orElseThrow();

    assertThat(update.rolloutsPerSecond()).isEqualTo(128 / 2.0);
    assertThat(update.tokensPerSecond()).isEqualTo(4096 / 2.0);
  }

  @Test
  void anUndefinedFigureIsNullInTheFile() throws IOException {
    RunProgress progress = started(10);
    LedgerEntry entry = entry(1);
    entry.setLoss(Double.NaN);
    progress.accept(entry);

    assertThat(lines().get(1).get("loss").isNull()).isTrue();
  }

  @Test
  void theHaltOfTheLearnerIsNoUpdate() throws IOException {
    RunProgress progress = started(10);
    LedgerEntry halt = entry(1);
    halt.setOutcome(UpdateOutcome.HALTED);
    halt.setReason("another hash for version 1");
    progress.accept(halt);

    assertThat(progress.halted()).contains("another hash for version 1");
    assertThat(lines()).hasSize(1);
  }

  @Test
  void thePanelShowsStepRewardHeldOutStalenessAndDrops() throws IOException {
    RunProgress progress = started(2);
    progress.accept(entry(1));
    LedgerEntry second = entry(2);
    second.setDrops(List.of(new LedgerDrop("p@0", 7L, "ZERO_VARIANCE")));
    progress.accept(second);
    progress.accept(evaluation(2, 0.58));

    String panel =
        String.join(
            "\n",
            Panel.lines(
                "r", progress.snapshot(), Duration.ofSeconds(75), "", "http://127.0.0.1:1"));

    assertThat(panel)
        .contains("step 2")
        .contains("1 min 15 s")
        .contains("reward     0.500")
        .contains("pass@1 0.580 at step 2")
        .contains("+10.0 points since step 0")
        .contains("staleness p50 0  p95 1  max 1")
        .contains("1 zero_variance")
        .contains("learning 0.90")
        .contains("http://127.0.0.1:1");
  }

  @Test
  void groupsLeftOutThatAStepTellsInFurtherRecordsCountOnce() throws IOException {
    RunProgress progress = started(0);
    for (int again = 0; again < 2; again++) {
      for (int part = 0; part < 3; part++) {
        LedgerEntry entry = entry(1);
        entry.setPart(part);
        entry.setParts(3);
        entry.setDrops(
            List.of(
                new LedgerDrop("p@" + part, (long) part, "STALE"),
                new LedgerDrop("q@" + part, 10L + part, "DROPPED:DEADLINE:tests")));
        assertThat(progress.accept(entry).isPresent()).isEqualTo(again == 0 && part == 0);
      }
    }
    assertThat(progress.snapshot().drops())
        .containsOnly(Map.entry("STALE", 3), Map.entry("DROPPED", 3));
    assertThat(lines()).hasSize(2);
  }

  @Test
  void thePanelNeverCountsBeyondTheStepToReachButSaysWhatElseWasMade() throws IOException {
    RunProgress progress = open(0, Optional.of(2L));
    for (int step = 0; step <= 2; step++) {
      progress.accept(entry(step));
    }
    assertThat(header(progress)).contains("step 2/2   policy v2");
    progress.accept(entry(3));
    assertThat(header(progress))
        .contains("step 2/2 (and 1 more while stopping)   policy v3")
        .doesNotContain("3/2");
  }

  private static String header(RunProgress progress) {
    return Panel.lines("r", progress.snapshot(), Duration.ZERO, "", "").get(1);
  }

  @Test
  void aSparklineRisesWithItsValues() {
    assertThat(Sparkline.of(List.of(0.0, 0.5, 1.0), 10)).isEqualTo("▁▅█");
    assertThat(Sparkline.of(List.of(0.0, 0.5, 1.0), 2)).isEqualTo("▁█");
    assertThat(Sparkline.of(List.of(0.3, 0.3), 10)).hasSize(2);
    assertThat(Sparkline.of(List.of(), 10)).isEmpty();
  }

  private RunProgress open(int every, Optional<Long> until) throws IOException {
    return RunProgress.open(metrics, new RunProgress.Plan(every, until), STARTED);
  }

  /** A run whose base policy scored 0.48. */
  private RunProgress started(int every) throws IOException {
    RunProgress progress = open(every, Optional.empty());
    progress.accept(entry(0));
    progress.accept(evaluation(0, 0.48));
    return progress;
  }

  private List<JsonNode> lines() throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<JsonNode> lines = new java.util.ArrayList<>();
    for (String line : Files.readAllLines(metrics)) {
      lines.add(json.readTree(line));
    }
    return lines;
  }

  private static Evaluation evaluation(long step, double passAt1) {
    return Evaluation.newBuilder()
        .setRun("r")
        .setVersion(step)
        .setStep(step)
        .setPolicySha256("s")
        .setSamples(1)
        .setTemperature(1)
        .setPassAt(Map.of("1", passAt1))
        .setArNess(Map.of())
        .setProblems(List.of())
        .setSeconds(1)
        .setCreatedMs(STARTED)
        .build();
  }

  private static LedgerEntry entry(long step) {
    return LedgerEntry.newBuilder()
        .setRun("r")
        .setStep(step)
        .setOutcome(step == 0 ? UpdateOutcome.INITIAL : UpdateOutcome.UPDATED)
        .setVersionIn(Math.max(0, step - 1))
        .setVersionOut(step)
        .setWeightsSha256("w" + step)
        .setPolicySha256("p" + step)
        .setPolicyUri("file:///p")
        .setGroups(List.of())
        .setDrops(List.of())
        .setFirstOffset(0)
        .setLastOffset(0)
        .setConsumedGroups(step * 16)
        .setSeed(1)
        .setLearningRate(1e-4)
        .setLoss(0.1)
        .setKl(0)
        .setKlMax(0)
        .setClipLowShare(0)
        .setClipHighShare(0)
        .setRatioMax(1)
        .setGradientNorm(1)
        .setRewardMean(0.5)
        .setZeroVarianceShare(0.25)
        .setStalenessP50(0)
        .setStalenessP95(1)
        .setStalenessMax(1)
        .setRollouts(128)
        .setTokens(4096)
        .setSeconds(Map.of("learning", 0.9))
        .setEnvironment(Map.of())
        .setCreatedMs(STARTED + 1_000 * (step + 1))
        .build();
  }
}
