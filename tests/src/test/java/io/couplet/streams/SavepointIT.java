package io.couplet.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.learner.TinyTape;
import io.couplet.schemas.Completion;
import io.couplet.schemas.Decoding;
import io.couplet.schemas.Evaluation;
import io.couplet.schemas.GenerationTimings;
import io.couplet.schemas.Group;
import io.couplet.schemas.GroupMember;
import io.couplet.schemas.GroupStatus;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.LedgerGroup;
import io.couplet.schemas.Problem;
import io.couplet.schemas.Reward;
import io.couplet.schemas.Rollout;
import io.couplet.schemas.StopReason;
import io.couplet.schemas.Topic;
import io.couplet.submission.RunJob;
import io.couplet.worker.scripted.ScriptedWorker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jobs of today go on from savepoints that were made before, which lie in the test resources,
 * and have the operators and states that savepoints are restored by. Each test puts the records on
 * the topics that the old job had read, and then new ones: only these may have effects.
 *
 * <p>docs/replay.md says how the savepoints are made ({@code -Dcouplet.savepoints=keep}).
 */
@Timeout(300)
class SavepointIT {
  private static final boolean KEEP = "keep".equals(System.getProperty("couplet.savepoints"));

  @TempDir static Path directory;
  private static StreamsFixture streams;
  private static MiniCluster cluster;
  private static KeptSavepoint kept;

  @BeforeAll
  static void start() throws Exception {
    streams = StreamsFixture.start(directory.resolve("streams"));
    Configuration flink = new Configuration();
    flink.setString("rest.port", "0");
    flink.setString("taskmanager.memory.managed.size", "128m");
    cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(flink)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(1)
                .build());
    cluster.start();
    kept = new KeptSavepoint(cluster, directory.resolve("savepoints"), KEEP);
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
    streams.close();
  }

  /** The cluster has one slot: a job that a failed test left would make the next one wait. */
  @AfterEach
  void freeTheSlot() throws Exception {
    kept.cancelAll();
  }

  @Test
  void theGateGoesOnCountingAndDoesNotAdmitAgainWhatItHadAdmitted() throws Exception {
    try (ScriptedWorker worker =
            ScriptedWorker.start(ScriptedWorker.Options.of(StreamsFixture.script(6)));
        StreamsFixture.Run run = run("rollout", worker, "problems.epochs=1")) {
      run.announce(0, 0);
      run.send(Topic.PROBLEMS, problems(0, 4));
      JobID job = kept.start(RunJob.ROLLOUT, run);
      if (KEEP) {
        run.await(Topic.ROLLOUTS, 16);
      } else {
        run.announce(1, 2);
        run.send(Topic.PROBLEMS, problems(4, 6));
        List<Rollout> rollouts = run.await(Topic.ROLLOUTS, 8);
        assertThat(rollouts).extracting(Rollout::getSequence).containsOnly(4L, 5L);
        assertThat(rollouts).extracting(Rollout::getGroup).containsOnly("p4@0", "p5@0");
        assertThat(rollouts).extracting(Rollout::getPolicyVersion).containsOnly(1L);
      }
      kept.stop(RunJob.ROLLOUT, job);
      assertThat(run.all(Topic.ROLLOUTS)).hasSize(KEEP ? 16 : 8);
    }
  }

  private static List<Problem> problems(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> StreamsFixture.problem("p" + i)).toList();
  }

  @Test
  void aRolloutThatWasJudgedIsNotJudgedAgain() throws Exception {
    // The savepoint grows older; what it remembers of samples must not.
    long centuryMs = TimeUnit.DAYS.toMillis(36_500);
    try (StreamsFixture.Run run = run("reward", null, "rewards.remember_ms=" + centuryMs)) {
      List<Rollout> before = List.of(rollout(run, "g", 0), rollout(run, "g", 1));
      run.send(Topic.ROLLOUTS, before);
      JobID job = kept.start(RunJob.REWARD, run);
      if (KEEP) {
        run.await(Topic.rewards("tests"), 2);
      } else {
        run.send(Topic.ROLLOUTS, before);
        run.send(Topic.ROLLOUTS, List.of(rollout(run, "g", 2)));
        assertThat(run.await(Topic.rewards("tests"), 1))
            .extracting(Reward::getMember)
            .containsExactly(2);
      }
      kept.stop(RunJob.REWARD, job);
      assertThat(run.all(Topic.rewards("tests"))).hasSize(KEEP ? 2 : 1);
    }
  }

  @Test
  void anOpenGroupKeepsItsSamplesAndRewardsAndClosesWithTheLastOne() throws Exception {
    try (StreamsFixture.Run run =
        run("advantage", null, "groups.size=2", "rewards.tests_weight=1")) {
      for (String group : List.of("open", "whole")) {
        run.send(Topic.ROLLOUTS, List.of(rollout(run, group, 0), rollout(run, group, 1)));
        run.send(
            Topic.rewards("format"),
            List.of(reward(group, 0, "format", 1), reward(group, 1, "format", 0.5)));
      }
      run.send(
          Topic.rewards("tests"),
          List.of(
              reward("open", 0, "tests", 0.75),
              reward("whole", 0, "tests", 1),
              reward("whole", 1, "tests", 0)));
      JobID job = kept.start(RunJob.ADVANTAGE, run);
      if (KEEP) {
        assertThat(run.await(Topic.GROUPS, 1)).extracting(Group::getGroup).containsExactly("whole");
      } else {
        run.send(Topic.rewards("tests"), List.of(reward("open", 1, "tests", 0.25)));
        Group closed = run.await(Topic.GROUPS, 1).get(0);
        assertThat(closed.getGroup()).isEqualTo("open");
        assertThat(closed.getStatus()).isEqualTo(GroupStatus.COMPLETE);
        assertThat(closed.getMembers())
            .extracting(GroupMember::getReward)
            .containsExactly(0.75 + 0.5 * 1, 0.25 + 0.5 * 0.5);
      }
      kept.stop(RunJob.ADVANTAGE, job);
      assertThat(run.all(Topic.GROUPS)).hasSize(1);
    }
  }

  @Test
  void theLearnerKeepsItsPendingGroupAndWhatItHadLeftOut() throws Exception {
    try (StreamsFixture.Run run =
        run(
            "learner",
            null,
            "seed=5",
            "policy.initial=" + TinyTape.initialPolicy(directory.resolve("initial")),
            "policy.store=" + directory.resolve("store"),
            "decoding.length=" + TinyTape.LENGTH,
            "scoring.inner_iterations=1",
            "learner.threads=1")) {
      String name = run.config.name();
      if (!KEEP) {
        // The ledger's record of the initial policy, from which the lost blob is made again.
        JobID beginning = kept.fresh(RunJob.LEARNER, run);
        run.await(Topic.LEDGER, 1);
        kept.cancel(beginning);
      }
      run.send(
          Topic.GROUPS,
          List.of(TinyTape.group(name, "first", 0, 0.5f), TinyTape.group(name, "flat", 0, 0f)));
      JobID job = kept.start(RunJob.LEARNER, run);
      if (KEEP) {
        run.await(
            Topic.POLICIES,
            policies -> policies.stream().anyMatch(policy -> policy.getConsumedGroups() == 1),
            "the credit of the flat group");
      } else {
        run.send(Topic.GROUPS, List.of(TinyTape.group(name, "second", 0, -0.25f)));
        LedgerEntry update = run.await(Topic.LEDGER, 2).get(1);
        assertThat(update.getStep()).isEqualTo(1);
        assertThat(update.getGroups())
            .extracting(LedgerGroup::getGroup)
            .containsExactly("first", "second");
        assertThat(update.getDrops()).hasSize(1);
        assertThat(update.getDrops().get(0).getReason()).isEqualTo("ZERO_VARIANCE");
        assertThat(update.getFirstOffset()).isZero();
      }
      kept.stop(RunJob.LEARNER, job);
    }
  }

  @Test
  void aVersionThatWasEvaluatedIsNotEvaluatedAgain() throws Exception {
    Path problems =
        Files.writeString(
            directory.resolve("held-out.jsonl"),
            "{\"id\": \"p0\", \"question\": \"def add_one(x):\","
                + " \"test_cases\": [\"assert add_one(1) == 2\"]}\n");
    try (ScriptedWorker worker =
            ScriptedWorker.start(ScriptedWorker.Options.of(StreamsFixture.script(1)));
        StreamsFixture.Run run =
            run(
                "evaluation",
                worker,
                "evaluation.every=1",
                "evaluation.problems=1",
                "evaluation.source='" + problems + "'")) {
      run.announce(0, 0);
      JobID job = kept.start(RunJob.EVALUATION, run);
      if (KEEP) {
        run.await(Topic.EVALS, 1);
      } else {
        run.announce(0, 1);
        run.announce(1, 2);
        assertThat(run.await(Topic.EVALS, 1))
            .extracting(Evaluation::getVersion)
            .containsExactly(1L);
      }
      kept.stop(RunJob.EVALUATION, job);
      assertThat(run.all(Topic.EVALS)).hasSize(1);
    }
  }

  /** The run that the kept savepoints are of. */
  private static StreamsFixture.Run run(String stage, ScriptedWorker worker, String... settings) {
    List<String> all = new ArrayList<>(List.of("flink.parallelism=1"));
    all.addAll(List.of(settings));
    return streams.run(
        "upgraded-" + stage,
        List.of(worker == null ? "127.0.0.1:1" : worker.address().toString()),
        all.toArray(String[]::new));
  }

  private static Rollout rollout(StreamsFixture.Run run, String group, int member) {
    return Rollout.newBuilder()
        .setRun(run.config.name())
        .setGroup(group)
        .setSequence(0)
        .setEpoch(0)
        .setMember(member)
        .setGroupSize(run.config.groups().size())
        .setProblem(StreamsFixture.problem("p0"))
        .setPolicyVersion(0)
        .setPolicySha256("%064x".formatted(0))
        .setOutcome(
            Completion.newBuilder()
                .setPromptText("def add_one(x):\n")
                .setText(StreamsFixture.SOLUTION)
                .setPromptIds(List.of(1))
                .setCompletionIds(List.of(2, 3))
                .setStepMap(List.of(0, 1))
                .setConfidences(List.of(1f, 1f))
                .setBehaviourScores(List.of(List.of(-1f, -1f)))
                .setStopReason(StopReason.STOP_TOKEN)
                .setSeed("seed")
                .setDecoding(new Decoding("entropy", "dream", 2, 2, 1f, 1f, 0, 0f))
                .setTimings(new GenerationTimings(0.0, 0.0, 0.0, 2, 0L))
                .build())
        .build();
  }

  private static Reward reward(String group, int member, String source, double value) {
    return Reward.newBuilder()
        .setGroup(group)
        .setMember(member)
        .setSource(source)
        .setValue(value)
        .setPolicyVersion(0L)
        .setDurationMs(1.0)
        .build();
  }
}
