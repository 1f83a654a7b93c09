package io.couplet.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.couplet.config.ConfigYaml;
import io.couplet.config.RunConfig;
import io.couplet.schemas.Completion;
import io.couplet.schemas.DeadLetter;
import io.couplet.schemas.GenerationFailure;
import io.couplet.schemas.GenerationFailureReason;
import io.couplet.schemas.Problem;
import io.couplet.schemas.RecordCodec;
import io.couplet.schemas.Reward;
import io.couplet.schemas.Rollout;
import io.couplet.schemas.Topic;
import io.couplet.schemas.TopicProvisioner;
import io.couplet.submission.RunJob;
import io.couplet.worker.WorkerAddress;
import io.couplet.worker.scripted.ScriptedFault;
import io.couplet.worker.scripted.ScriptedWorker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The rollout and reward jobs on a real broker, with scripted workers and the real sandbox. */
@Timeout(600)
class StreamsIT {
  private static final Set<RunJob> SCALING =
      EnumSet.of(RunJob.ROLLOUT, RunJob.REWARD, RunJob.ADVANTAGE);

  @TempDir static Path directory;
  private static StreamsFixture streams;

  @BeforeAll
  static void start() throws Exception {
    streams = StreamsFixture.start(directory);
  }

  @AfterAll
  static void stop() throws Exception {
    streams.close();
  }

  private static List<Problem> problems(int count) {
    return IntStream.range(0, count).mapToObj(i -> StreamsFixture.problem("p" + i)).toList();
  }

  private static Set<String> groups(List<Rollout> rollouts) {
    return rollouts.stream().map(Rollout::getGroup).collect(Collectors.toSet());
  }

  @Test
  void everyJobHasTheParallelismAndTheBufferTimeoutOfTheRun() throws Exception {
    try (StreamsFixture.Run run = streams.run("shaped", List.of("127.0.0.1:1"))) {
      RunConfig config =
          ConfigYaml.with(run.config, List.of("flink.parallelism=3", "flink.buffer_timeout_ms=7"));
      for (RunJob job : RunJob.values()) {
        StreamExecutionEnvironment environment =
            StreamExecutionEnvironment.getExecutionEnvironment();
        job.define(config, environment);
        Collection<StreamNode> operators = environment.getStreamGraph().getStreamNodes();
        assertThat(operators)
            .as(job.stage())
            .isNotEmpty()
            .allSatisfy(operator -> assertThat(operator.getBufferTimeout()).isEqualTo(7));
        Set<Integer> subtasks =
            operators.stream().map(StreamNode::getParallelism).collect(Collectors.toSet());
        if (SCALING.contains(job)) {
          assertThat(subtasks).as(job.stage()).containsExactlyInAnyOrder(1, 3);
        } else {
          assertThat(subtasks).as(job.stage()).containsExactly(1);
        }
      }
    }
  }

  @Test
  void rolloutsArePacedStampedAndJudgedAndAnOutsiderJoinsInMidRun() throws Exception {
    try (ScriptedWorker worker =
            ScriptedWorker.start(ScriptedWorker.Options.of(StreamsFixture.script(8)));
        StreamsFixture.Run run = streams.run("paced", List.of(worker.address().toString()))) {
      JobID rolloutJob = run.submitRollout();
      run.submitReward();
      run.send(Topic.PROBLEMS, problems(8));
      run.announce(0, 0);
      List<Rollout> first = run.await(Topic.ROLLOUTS, 16);
      Thread.sleep(1_000);
      assertThat(run.all(Topic.ROLLOUTS)).as("the window holds").hasSize(16);
      assertThat(groups(first)).containsExactlyInAnyOrder("p0@0", "p1@0", "p2@0", "p3@0");
      assertThat(first).allMatch(rollout -> rollout.getPolicyVersion() == 0);

      run.announce(1, 2);
      List<Rollout> second = run.await(Topic.ROLLOUTS, 24);
      assertThat(second.stream().filter(rollout -> rollout.getPolicyVersion() == 1))
          .hasSize(8)
          .allMatch(rollout -> rollout.getPolicySha256().equals("%064x".formatted(1)));

      assertRewardsTellRightFromWrong(run, second);
      assertOutsiderJoins(run, second);
      assertMetricsAreShown(rolloutJob);
      assertThat(run.all(Topic.DEAD_LETTERS)).isEmpty();
    }
  }

  private static void assertRewardsTellRightFromWrong(
      StreamsFixture.Run run, List<Rollout> rollouts) throws Exception {
    List<Reward> tests = run.await(Topic.rewards("tests"), rollouts.size());
    run.await(Topic.rewards("format"), rollouts.size());
    Map<String, Rollout> byMember =
        rollouts.stream().collect(Collectors.toMap(StreamsIT::member, Function.identity()));
    assertThat(tests).hasSize(rollouts.size());
    for (Reward reward : tests) {
      Rollout rollout = byMember.get(reward.getGroup() + "/" + reward.getMember());
      String text = ((Completion) rollout.getOutcome()).getText();
      assertThat(reward.getValue())
          .as("reward of %s, %s", text, reward.getReason())
          .isEqualTo(text.equals(StreamsFixture.SOLUTION) ? 1.0 : 0.0);
      assertThat(reward.getCases()).hasSize(2);
      assertThat(reward.getPolicyVersion()).isEqualTo(rollout.getPolicyVersion());
    }
    assertThat(tests.stream().map(Reward::getValue)).contains(0.0, 1.0);
  }

  private static String member(Rollout rollout) {
    return rollout.getGroup() + "/" + rollout.getMember();
  }

  /** A plain Python program with Debian's Kafka and Avro packages, and one schema file of ours. */
  private static void assertOutsiderJoins(StreamsFixture.Run run, List<Rollout> rollouts)
      throws Exception {
    Topic<Reward> brevity = Topic.rewards("brevity");
    try (TopicProvisioner provisioner =
        new TopicProvisioner(streams.connection, run.topics, 2, 1, Duration.ofSeconds(60))) {
      provisioner.provision(brevity);
    }
    Path root = Path.of("").toAbsolutePath().getParent();
    Path log = directory.resolve("outsider.log");
    Process outsider =
        new ProcessBuilder(
                "/usr/bin/python3",
                root.resolve("examples/reward_source.py").toString(),
                "--bootstrap",
                streams.connection.bootstrapServers(),
                "--run",
                run.config.name(),
                "--schema",
                root.resolve("schemas/src/main/avro/Reward.avsc").toString(),
                "--stop-after",
                Integer.toString(rollouts.size()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(outsider.waitFor(120, TimeUnit.SECONDS)).as(log.toString()).isTrue();
      assertThat(outsider.exitValue()).as(Files.readString(log)).isZero();
    } finally {
      outsider.destroyForcibly();
    }
    List<Reward> given = run.await(brevity, rollouts.size());
    assertThat(given.stream().map(reward -> reward.getGroup() + "/" + reward.getMember()))
        .containsExactlyInAnyOrderElementsOf(rollouts.stream().map(StreamsIT::member).toList());
    assertThat(given).allMatch(reward -> reward.getValue() > 0 && reward.getValue() < 1);
  }

  private static void assertMetricsAreShown(JobID job) throws Exception {
    JsonNode details = get("/jobs/" + job);
    Set<String> names = new HashSet<>();
    for (JsonNode vertex : details.get("vertices")) {
      for (JsonNode metric :
          get("/jobs/" + job + "/vertices/" + vertex.get("id").asText() + "/metrics")) {
        names.add(metric.get("id").asText());
      }
    }
    for (String metric :
        List.of(
            "couplet.rollouts.rolloutsPerSecond",
            "couplet.rollouts.tokensPerSecond",
            "couplet.rollouts.denoisingStepsPerSecond",
            "couplet.rollouts.groupsInFlight",
            "couplet.rollouts.retries",
            "couplet.rollouts.workerBusyShare",
            "couplet.admission.underWay")) {
      assertThat(names).anyMatch(name -> name.endsWith(metric));
    }
  }

  private static JsonNode get(String path) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(streams.cluster.web() + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    return new ObjectMapper().readTree(answer.body());
  }

  @Test
  void whatCannotBeUsedGoesToTheDeadLettersAndTheStreamGoesOn() throws Exception {
    try (ScriptedWorker worker =
            ScriptedWorker.start(ScriptedWorker.Options.of(StreamsFixture.script(1)));
        StreamsFixture.Run run =
            streams.run("poisoned", List.of(worker.address().toString()), "problems.epochs=1")) {
      run.submitRollout();
      run.submitReward();
      run.announce(0, 0);
      byte[] good = RecordCodec.of(Topic.PROBLEMS).encode(StreamsFixture.problem("p0"));
      byte[] unknownSchema = good.clone();
      unknownSchema[5] ^= 0x55;
      byte[] untested =
          RecordCodec.of(Topic.PROBLEMS)
              .encode(
                  Problem.newBuilder(StreamsFixture.problem("untested"))
                      .setTests(List.of())
                      .build());
      List<byte[]> poison = new ArrayList<>();
      poison.add("{\"id\": \"json\"}".getBytes(StandardCharsets.UTF_8));
      poison.add(Arrays.copyOf(good, good.length - 3));
      poison.add(unknownSchema);
      poison.add(untested);
      poison.add(null);
      String topic = Topic.PROBLEMS.in(run.topics);
      for (byte[] bytes : poison) {
        run.writer.sendRaw(new ProducerRecord<>(topic, new byte[] {'k'}, bytes));
      }
      run.writer.sendRaw(
          new ProducerRecord<>(Topic.ROLLOUTS.in(run.topics), 0, null, new byte[] {1, 2, 3}));
      run.writer.sendRaw(new ProducerRecord<>(topic, null, good));
      run.writer.flush();

      assertThat(run.await(Topic.ROLLOUTS, 4)).hasSize(4).allMatch(StreamsIT::isCompletion);
      run.await(Topic.rewards("tests"), 4);
      List<DeadLetter> letters = run.await(Topic.DEAD_LETTERS, poison.size() + 1);
      assertThat(letters).hasSize(poison.size() + 1);
      for (int offset = 0; offset < poison.size(); offset++) {
        DeadLetter letter = letterAt(letters, topic, offset);
        assertThat(letter.getStage()).isEqualTo("rollout");
        assertThat(bytes(letter)).isEqualTo(poison.get(offset));
        assertThat(letter.getKey().array()).isEqualTo(new byte[] {'k'});
      }
      assertThat(letterAt(letters, topic, 2).getReason()).contains("nobody has published");
      assertThat(letterAt(letters, topic, 3).getReason()).contains("no tests");
      DeadLetter rollout = letterAt(letters, Topic.ROLLOUTS.in(run.topics), 0);
      assertThat(rollout.getStage()).isEqualTo("reward");
      assertThat(bytes(rollout)).isEqualTo(new byte[] {1, 2, 3});
    }
  }

  private static DeadLetter letterAt(List<DeadLetter> letters, String topic, long offset) {
    return letters.stream()
        .filter(letter -> letter.getTopic().equals(topic) && letter.getOffset() == offset)
        .findFirst()
        .orElseThrow(() -> new AssertionError("No letter for " + topic + "@" + offset));
  }

  private static byte[] bytes(DeadLetter letter) {
    if (letter.getValue() == null) {
      return null;
    }
    byte[] bytes = new byte[letter.getValue().remaining()];
    letter.getValue().duplicate().get(bytes);
    return bytes;
  }

  private static boolean isCompletion(Rollout rollout) {
    return rollout.getOutcome() instanceof Completion;
  }

  @Test
  void aRecordOfTwentyMegabytesIsRefusedAtTheDoor() throws Exception {
    try (StreamsFixture.Run run = streams.run("huge", List.of("127.0.0.1:1"))) {
      run.writer.sendRaw(
          new ProducerRecord<>(Topic.PROBLEMS.in(run.topics), null, new byte[15 << 20]));
      assertThatThrownBy(run.writer::flush).hasMessageContaining("larger");
    }
  }

  @Test
  void anOutageOfAllWorkersIsWaitedOutWithTheJobRunning() throws Exception {
    ScriptedWorker gone = ScriptedWorker.start(ScriptedWorker.Options.of(StreamsFixture.script(2)));
    WorkerAddress address = gone.address();
    gone.close();
    try (StreamsFixture.Run run =
        streams.run("outage", List.of(address.toString()), "problems.epochs=1")) {
      run.submitRollout();
      run.announce(0, 0);
      run.send(Topic.PROBLEMS, problems(2));
      Thread.sleep(4_000);
      assertThat(streams.cluster.states().values()).containsOnly(JobStatus.RUNNING);
      assertThat(run.all(Topic.ROLLOUTS)).isEmpty();
      // One member of the group is lost by the first worker that returns: rejected, not used.
      try (ScriptedWorker back =
          ScriptedWorker.start(
              ScriptedWorker.Options.of(StreamsFixture.script(2))
                  .withListen(address)
                  .withFaults(
                      (request, attempt) ->
                          attempt == 1 ? ScriptedFault.MISSING_MEMBER : ScriptedFault.NONE))) {
        List<Rollout> rollouts = run.await(Topic.ROLLOUTS, 8);
        assertThat(rollouts).hasSize(8).allMatch(StreamsIT::isCompletion);
        assertThat(rollouts).allMatch(rollout -> rollout.getAttempt() > 0);
        assertThat(back.attemptsOf("p0@0")).isGreaterThan(1);
      }
    }
  }

  @Test
  void aPromptThatIsTooLongIsATypedFailureOfEveryMember() throws Exception {
    try (ScriptedWorker worker =
            ScriptedWorker.start(ScriptedWorker.Options.of(StreamsFixture.script(1)));
        StreamsFixture.Run run =
            streams.run(
                "long",
                List.of(worker.address().toString()),
                "problems.epochs=1",
                "problems.max_prompt_tokens=3")) {
      run.submitRollout();
      run.announce(0, 0);
      run.send(Topic.PROBLEMS, problems(1));
      List<Rollout> rollouts = run.await(Topic.ROLLOUTS, 4);
      assertThat(rollouts)
          .extracting(rollout -> ((GenerationFailure) rollout.getOutcome()).getReason())
          .containsOnly(GenerationFailureReason.PROMPT_TOO_LONG);
    }
  }

  @Test
  void jobsThatAreStoppedGoOnWhereTheyWere() throws Exception {
    try (ScriptedWorker worker =
            ScriptedWorker.start(ScriptedWorker.Options.of(StreamsFixture.script(6)));
        StreamsFixture.Run run =
            streams.run("resumed", List.of(worker.address().toString()), "problems.epochs=2")) {
      run.submitRollout();
      run.submitReward();
      run.announce(0, 0);
      run.send(Topic.PROBLEMS, problems(6));
      run.await(Topic.rewards("tests"), 16);
      streams.restartCluster();
      run.announce(1, 4);
      run.submitRollout();
      run.submitReward();
      run.await(Topic.ROLLOUTS, 32);
      run.announce(2, 8);
      List<Rollout> rollouts = run.await(Topic.ROLLOUTS, 48);
      assertThat(rollouts.stream().map(StreamsIT::member)).doesNotHaveDuplicates().hasSize(48);
      assertThat(rollouts.stream().map(Rollout::getSequence).distinct().sorted())
          .containsExactlyElementsOf(IntStream.range(0, 12).mapToObj(Long::valueOf).toList());
      List<Reward> rewards = run.await(Topic.rewards("tests"), 48);
      assertThat(rewards.stream().map(reward -> reward.getGroup() + "/" + reward.getMember()))
          .doesNotHaveDuplicates()
          .hasSize(48);
    }
  }

  @Test
  void versionsThatWaitForTheirEvaluationDoNotHoldUpTheStop() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    ScriptedFault.Plan hanging =
        (request, attempt) -> {
          calls.incrementAndGet();
          return ScriptedFault.HANG;
        };
    try (ScriptedWorker worker =
            ScriptedWorker.start(
                ScriptedWorker.Options.of(StreamsFixture.script(1)).withFaults(hanging));
        StreamsFixture.Run run =
            streams.run("evaluated", List.of(worker.address().toString()), "evaluation.every=1")) {
      run.submit(RunJob.EVALUATION);
      for (long version = 0; version < 5; version++) {
        run.announce(version, 2 * version);
      }
      awaitCalls(calls);
      long stop = System.nanoTime();
      streams.cluster.stopJobs();
      assertThat(Duration.ofNanos(System.nanoTime() - stop)).isLessThan(Duration.ofSeconds(20));
    }
  }

  private static void awaitCalls(AtomicInteger calls) throws InterruptedException {
    long giveUp = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (calls.get() == 0) {
      assertThat(System.nanoTime()).as("no problem was asked for").isLessThan(giveUp);
      Thread.sleep(50);
    }
    // All five announcements have then had time to reach the operator that asks.
    Thread.sleep(1_000);
  }
}
