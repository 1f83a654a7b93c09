package io.couplet.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.learner.FailurePoint.Point;
import io.couplet.ledger.Ledger;
import io.couplet.local.broker.BrokerSettings;
import io.couplet.local.broker.EmbeddedBroker;
import io.couplet.local.process.FreePorts;
import io.couplet.replay.ReplayReport;
import io.couplet.schemas.Group;
import io.couplet.schemas.Policy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The learner job on a real broker with a real, tiny policy. */
class LearnerRecoveryIT {
  private static final int STEPS = 12;

  /** Where the learner is still to be killed, and at which step or later. */
  private static final Map<Point, Long> KILLS = new ConcurrentHashMap<>();

  @TempDir static Path directory;
  private static EmbeddedBroker broker;
  private static TinyRun run;

  @BeforeAll
  static void startBroker() throws Exception {
    BrokerSettings settings =
        new BrokerSettings(directory.resolve("kafka"), FreePorts.any(), FreePorts.any(), Map.of());
    broker = EmbeddedBroker.start(settings);
    run = TinyRun.on(settings.bootstrapServers(), directory, "policy.keep_every=4");
    run.write(tape());
  }

  @AfterAll
  static void stopBroker() {
    if (broker != null) {
      broker.close();
    }
  }

  /** Two usable groups for each step; a flat one and a repetition in between. */
  private static List<Group> tape() {
    List<Group> groups = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      long version = Math.max(0, step - 1);
      groups.add(TinyRun.group("a" + step, version, 0.5f));
      groups.add(TinyRun.group("flat" + step, version, 0f));
      groups.add(TinyRun.group("a" + step, version, 0.5f));
      groups.add(TinyRun.group("b" + step, version, -0.25f));
    }
    return groups;
  }

  @Test
  void aLearnerKilledAtEveryPointLeavesAWholeLedgerThatAReplayVerifies() throws Exception {
    KILLS.putAll(
        new EnumMap<>(
            Map.of(
                Point.BEFORE_OPTIMIZER_STEP, 2L,
                Point.AFTER_OPTIMIZER_STEP, 3L,
                Point.AFTER_BLOB, 5L,
                Point.AFTER_ANNOUNCEMENT, 7L,
                Point.DURING_SNAPSHOT, 8L)));
    JobClient job = startLearner();
    try {
      run.awaitStep(STEPS);
      awaitKills();
    } finally {
      job.cancel().get();
    }

    Ledger ledger = run.wholeLedger();
    assertThat(ledger.lastStep()).isEqualTo(STEPS);
    assertThat(ledger.entry(STEPS).getConsumedGroups()).isEqualTo(3L * STEPS);
    assertThat(ledger.steps().values().stream().map(e -> e.getWeightsSha256()).distinct())
        .hasSize(STEPS + 1);

    assertThat(run.replay(ledger, 0, STEPS).verified()).isTrue();
    ReplayReport tail = run.replay(ledger, 10, STEPS);
    assertThat(tail.verified()).isTrue();
    assertThat(tail.base()).isEqualTo(8);
    anOlderJournalIsFencedOff();
  }

  private static void anOlderJournalIsFencedOff() throws Exception {
    Policy credit =
        Policy.newBuilder()
            .setRun(TinyRun.NAME)
            .setVersion(STEPS)
            .setStep(STEPS)
            .setUri("")
            .setSha256("")
            .setSizeBytes(0)
            .setConsumedGroups(1)
            .setFence(0)
            .setCreatedMs(0)
            .build();
    try (KafkaJournal older = new KafkaJournal(run.connection(), run.topics(), STEPS);
        KafkaJournal newer = new KafkaJournal(run.connection(), run.topics(), 3)) {
      assertThat(older.fence()).isGreaterThan(5);
      assertThat(newer.weightsInLedger(3)).isEmpty();
      assertThat(newer.weightsInLedger(4)).isPresent();
      assertThatThrownBy(() -> older.credit(credit)).isInstanceOf(LearnerFencedException.class);
      newer.credit(credit);
    }
  }

  private static JobClient startLearner() throws Exception {
    Configuration flink = new Configuration();
    flink.setString("execution.checkpointing.interval", "300 ms");
    flink.setString("execution.checkpointing.dir", directory.resolve("chk").toUri().toString());
    flink.setString("restart-strategy.type", "fixed-delay");
    flink.setString("restart-strategy.fixed-delay.attempts", "100");
    flink.setString("restart-strategy.fixed-delay.delay", "100 ms");
    flink.setString("pipeline.generic-types", "false");
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(1, flink);
    LearnerJob.define(run.config(), environment, LearnerRecoveryIT::kill);
    return environment.executeAsync("learner");
  }

  private static void kill(Point point, long step) {
    Long wanted = KILLS.get(point);
    if (wanted != null && step >= wanted && KILLS.remove(point, wanted)) {
      throw new IllegalStateException("Killed " + point + " at step " + step);
    }
  }

  private static void awaitKills() throws Exception {
    long giveUp = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!KILLS.isEmpty()) {
      assertThat(System.nanoTime()).as("kills left: %s", KILLS).isLessThan(giveUp);
      Thread.sleep(200);
    }
  }
}
