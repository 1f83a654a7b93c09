package io.couplet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.config.ConfigYaml;
import io.couplet.config.RunConfig;
import io.couplet.local.broker.BrokerProcess;
import io.couplet.local.broker.BrokerSettings;
import io.couplet.local.process.FreePorts;
import io.couplet.local.run.RunPreparation;
import io.couplet.local.rundir.Endpoints;
import io.couplet.local.rundir.RunDirectory;
import io.couplet.local.rundir.RunLock;
import io.couplet.local.rundir.RunManifest;
import io.couplet.local.topics.RunConnection;
import io.couplet.local.topics.TopicReader;
import io.couplet.local.topics.TopicWriter;
import io.couplet.schemas.DeadLetter;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Commands against a run whose broker is going. */
class CommandsIT {
  @TempDir private static Path temporary;
  private static final RunTopics TOPICS = new RunTopics("couplet", "r");
  private static BrokerProcess broker;
  private static RunLock lock;
  private static RunDirectory directory;

  private record Result(int code, String out, String err) {}

  @BeforeAll
  static void startBroker() throws Exception {
    System.setProperty(RunDirectory.RUNS_PROPERTY, temporary.toString());
    directory = RunDirectory.of("r");
    lock = RunLock.tryTake(directory).orElseThrow();
    RunManifest.open(directory);
    RunConfig config = ConfigYaml.with(RunConfig.defaults(), List.of("name=r"));
    Files.writeString(directory.config(), ConfigYaml.write(config));
    broker =
        BrokerProcess.start(
            new BrokerSettings(directory.kafka(), FreePorts.any(), FreePorts.any(), Map.of()),
            directory.logs());
    new Endpoints(1, broker.bootstrapServers(), 0, "", "", List.of()).write(directory);
    RunPreparation.prepare(kafka(), TOPICS, config);
    RunPreparation.prepare(kafka(), TOPICS, config);
  }

  @AfterAll
  static void stopBroker() throws Exception {
    broker.close();
    lock.close();
    System.clearProperty(RunDirectory.RUNS_PROPERTY);
  }

  @Test
  void topicsOfARunElsewhereAreMadeOnceAndTheRunIsKnownByName() throws Exception {
    String brokers = "kafka.bootstrap_servers=" + broker.bootstrapServers();
    assertThat(run("topics", "create", "--set", "name=far").err())
        .contains("kafka.bootstrap_servers is empty");
    assertThat(run("topics", "create", "--set", "name=far", "--set", brokers).code()).isZero();
    assertThat(run("topics", "create", "--name", "far").out()).contains("'far'");

    assertThat(run("topics", "list", "--name", "far").out())
        .contains("couplet.far.groups")
        .contains("couplet.far.schemas")
        .contains("couplet.far.rewards.tests")
        .doesNotContain("couplet.r.");
    assertThat(run("rewards", "list", "--name", "far").out()).contains("tests");
    assertThat(run("problems", "send", "--name", "far").out())
        .contains("problems to the run 'far'");
    assertThat(run("topics", "list", "--name", "far", "--json").out())
        .contains("\"topic\":\"couplet.far.problems\",\"partitions\":1,\"replicas\":1");
    Files.delete(RunDirectory.of("far").config());
  }

  @Test
  void aRunGivenMoreSubtasksIsGivenPartitionsAndGoesOnWithThemWhenItHasFewer() throws Exception {
    List<String> found = new ArrayList<>();
    for (int parallelism : List.of(1, 3, 1)) {
      Result created =
          run(
              "topics",
              "create",
              "--set",
              "name=grows",
              "--set",
              "kafka.bootstrap_servers=" + broker.bootstrapServers(),
              "--set",
              "flink.parallelism=" + parallelism);
      assertThat(created.code()).as(created.err()).isZero();
      String topics = run("topics", "list", "--name", "grows", "--json").out();
      assertThat(topics).contains("\"topic\":\"couplet.grows.groups\",\"partitions\":1,");
      found.add(topics.replaceAll("(?s).*couplet.grows.rollouts\",\"partitions\":(\\d+).*", "$1"));
      Files.delete(RunDirectory.of("grows").config());
    }
    assertThat(found).containsExactly("1", "3", "3");
  }

  @Test
  void sourcesAreAddedChangedListedAndRemoved() {
    assertThat(run("rewards", "list", "--name", "r").out()).contains("tests").contains("required");

    assertThat(
            run("rewards", "add", "style", "--weight", "0.5", "--deadline", "5s", "--name", "r")
                .out())
        .contains("couplet.r.rewards.style");
    assertThat(run("rewards", "list", "--name", "r").out())
        .contains("style")
        .contains("weight 0.500000  optional  deadline 5000 ms");

    assertThat(run("rewards", "remove", "style", "--name", "r").code()).isZero();
    assertThat(run("rewards", "list", "--name", "r").out()).doesNotContain("style");
  }

  @Test
  void anUnknownSourceIsNamed() {
    Result result = run("rewards", "remove", "nobody", "--name", "r");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("no reward source 'nobody'").contains("tests");
  }

  @Test
  void wrongWeightsRangesAndNamesAreRefusedInOneParagraph() {
    assertThat(run("rewards", "add", "x", "--name", "r").err().lines()).hasSize(1);
    assertThat(run("rewards", "add", "x", "--weight", "NaN", "--name", "r").code()).isEqualTo(2);
    assertThat(run("rewards", "add", "x", "--weight", "1", "--min", "2", "--name", "r").code())
        .isEqualTo(2);
    assertThat(run("rewards", "add", "a/b", "--weight", "1", "--name", "r").code()).isEqualTo(2);
    assertThat(run("rewards", "add", "x", "--weight", "1", "--deadline", "5", "--name", "r").code())
        .isEqualTo(2);
  }

  @Test
  void problemsAreCheckedBeforeTheFirstOneIsSent() throws Exception {
    Path good = temporary.resolve("good.jsonl");
    Files.writeString(
        good, "{\"id\": \"p1\", \"question\": \"q\", \"test_cases\": [\"assert True\"]}\n");
    Path bad = temporary.resolve("bad.jsonl");
    Files.writeString(
        bad,
        "{\"id\": \"p2\", \"question\": \"q\", \"test_cases\": [\"assert True\"]}\n{\"id\": 3}\n");

    assertThat(run("problems", "send", good.toString(), "--name", "r").code()).isZero();
    Result refused = run("problems", "send", bad.toString(), "--name", "r");

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("line 2");
    try (RunConnection connection = RunConnection.open(directory)) {
      assertThat(TopicReader.all(connection.kafka(), connection.topics(), Topic.PROBLEMS))
          .extracting(problem -> problem.getId())
          .containsExactly("p1");
    }
  }

  @Test
  void aDeadLetterIsShownAndSentAgainWithItsBytes() throws Exception {
    byte[] poison = "poison\u001B[31m".getBytes(StandardCharsets.UTF_8);
    try (TopicWriter writer = new TopicWriter(kafka(), TOPICS)) {
      writer.send(Topic.DEAD_LETTERS, List.of(letter(poison)));
      writer.flush();
    }
    assertThat(run("dead-letters", "list", "--name", "r").out())
        .contains("0  couplet.r.rollouts/1@7  reward  not Avro");
    assertThat(run("dead-letters", "show", "0", "--name", "r").out())
        .contains("because  not Avro")
        .contains("poison.[31m")
        .doesNotContain("\u001B");

    assertThat(run("dead-letters", "redrive", "0", "--name", "r").out()).contains("1 record(s)");

    List<TopicReader.Received<io.couplet.schemas.Rollout>> received = new ArrayList<>();
    try (var reader = new TopicReader<>(kafka(), TOPICS, Topic.ROLLOUTS)) {
      reader.readToEnd(received::add);
    }
    assertThat(received).hasSize(1);
    assertThat(received.get(0).raw().value()).isEqualTo(poison);
    assertThat(received.get(0).raw().headers().lastHeader("attempt").value())
        .isEqualTo("1".getBytes(StandardCharsets.UTF_8));
    assertThat(received.get(0).refusal()).isPresent();
    assertThat(run("dead-letters", "show", "9", "--name", "r").code()).isEqualTo(2);
    assertThat(run("dead-letters", "redrive", "--name", "r").code()).isEqualTo(2);
  }

  @Test
  void anEmptyLedgerAndAnUnknownGroupAreSentences() {
    assertThat(run("ledger", "--name", "r").code()).isZero();
    Result noStep = run("ledger", "--step", "3", "--name", "r");
    assertThat(noStep.code()).isEqualTo(2);
    assertThat(noStep.err()).contains("no step 3").contains("empty");
    Result noGroup = run("inspect", "p@0", "--name", "r");
    assertThat(noGroup.code()).isEqualTo(2);
    assertThat(noGroup.err()).contains("no group 'p@0'");
    assertThat(run("inspect", "v3", "--name", "r").err()).contains("no version 'v3'");
  }

  @Test
  void statusTellsThatTheRunIsGoing() {
    Result result = run("status", "--name", "r", "--json");

    assertThat(result.out()).contains("\"state\":\"RUNNING\"").contains(broker.bootstrapServers());
  }

  @Test
  void anUnknownRunIsNamedWithThoseThereAre() {
    Result result = run("ledger", "--name", "other");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("no run 'other'").contains("there is r");
  }

  private static DeadLetter letter(byte[] value) {
    return DeadLetter.newBuilder()
        .setRun("r")
        .setTopic(Topic.ROLLOUTS.in(TOPICS))
        .setPartition(1)
        .setOffset(7)
        .setKey(ByteBuffer.wrap(new byte[] {1}))
        .setValue(ByteBuffer.wrap(value))
        .setStage("reward")
        .setReason("not Avro")
        .setCreatedMs(0)
        .build();
  }

  private static KafkaConnection kafka() {
    return KafkaConnection.plain(broker.bootstrapServers());
  }

  private static Result run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Couplet.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    int code = line.execute(arguments);
    return new Result(code, out.toString(), err.toString());
  }
}
