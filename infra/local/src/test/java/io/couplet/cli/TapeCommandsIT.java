package io.couplet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.couplet.cli.RecordedRuns.Damage;
import io.couplet.config.ConfigYaml;
import io.couplet.config.RunConfig;
import io.couplet.local.rundir.RunDirectory;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.Topic;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * {@code replay}, {@code fork}, {@code ledger} and {@code inspect} on runs that were really
 * computed, whole and damaged. "verified" is printed only where every hash was compared.
 */
class TapeCommandsIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path temporary;
  private static RecordedRuns runs;

  private record Result(int code, String out, String err) {
    void isVerified() {
      assertThat(code).as(err).isZero();
      assertThat(out).startsWith("verified: ");
    }

    /** Refused or reported in one sentence, and nothing claimed. */
    void isNotVerified(String... parts) {
      assertThat(code).isEqualTo(1);
      assertThat(out + err).contains(parts).doesNotContain("verified: 7 of 7");
      assertThat((out + err).lines()).hasSize(1);
      assertThat(out).doesNotStartWith("verified");
    }
  }

  @BeforeAll
  static void record() throws Exception {
    runs = new RecordedRuns(temporary);
    runs.record("whole");
  }

  @AfterAll
  static void close() throws Exception {
    runs.close();
  }

  @Test
  void aWholeRunIsVerifiedFromTheStartAndFromRetainedStates() throws Exception {
    run("replay", "whole").isVerified();
    JsonNode tail = json("replay", "whole", "--from", "5", "--json");
    assertThat(tail.path("verified").asBoolean()).isTrue();
    assertThat(tail.path("base").asInt()).isEqualTo(4);
    assertThat(tail.path("compared").asInt()).isEqualTo(2);
    JsonNode middle = json("replay", "whole", "--from", "2", "--to", "3", "--json");
    assertThat(middle.path("compared").asInt()).isEqualTo(2);
    assertThat(middle.path("base").asInt()).isZero();
    assertThat(run("replay", "whole", "--from", "4", "--to", "2").code()).isEqualTo(2);
    Result beyond = run("replay", "whole", "--to", "9");
    assertThat(beyond.code()).isEqualTo(2);
    assertThat(beyond.err()).contains("no step 9").contains("steps 0 to 6");
  }

  @Test
  void aReplayRunsAsAFlinkJobToo() throws Exception {
    JsonNode report = json("replay", "whole", "--from", "5", "--as-job", "--json");
    assertThat(report.path("verified").asBoolean()).isTrue();
    assertThat(report.path("base").asInt()).isEqualTo(4);

    runs.record("job-altered", Damage.ledger(entry -> altered(entry, 3)));
    Result differs = run("replay", "job-altered", "--as-job");
    assertThat(differs.code()).isEqualTo(1);
    assertThat(differs.out()).startsWith("NOT verified: Step 3 differs in its weights");
  }

  private static LedgerEntry altered(LedgerEntry entry, long step) {
    if (entry.getStep() != step) {
      return entry;
    }
    LedgerEntry other = LedgerEntry.newBuilder(entry).build();
    String hash = other.getWeightsSha256();
    other.setWeightsSha256((hash.charAt(0) == '0' ? '1' : '0') + hash.substring(1));
    return other;
  }

  @Test
  void aTapeThatRetentionHasCutIsAGapAndOnlyWhatFollowsARetainedStateCanBeVerified()
      throws Exception {
    RunDirectory cut = runs.record("cut");
    String topic = Topic.GROUPS.in(RecordedRuns.topics(cut));
    try (Admin admin = Admin.create(runs.kafka().clientProperties())) {
      admin
          .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(3)))
          .all()
          .get();
    }
    run("replay", "cut").isNotVerified("has a gap", "offsets 0 to", "the topic holds 3 to");
    run("replay", "cut", "--from", "3").isVerified();
    Result fork = run("fork", "cut", "--at", "1", "--name", "from-a-gap");
    assertThat(fork.code()).isEqualTo(1);
    assertThat(fork.err()).contains("has a gap");
    assertThat(RunDirectory.of("from-a-gap").path()).doesNotExist();
  }

  @Test
  void aTapeRecordThatCannotBeReadIsAGapThatIsNamed() throws Exception {
    runs.record("unreadable", Damage.unreadable(8, 9));
    run("replay", "unreadable")
        .isNotVerified(
            "offsets 8 to 9 are missing or unreadable",
            "update 4 read them. Nothing after step 3 is verified.");
  }

  @Test
  void aDamagedTrainerStateIsReportedAndComputedAgainFromAnEarlierOne() throws Exception {
    RunDirectory run = runs.record("state");
    Path state = pathOf(runs.ledger(run).get(4).getTrainerStateUri());
    byte[] bytes = Files.readAllBytes(state);
    byte[] flipped = bytes.clone();
    flipped[bytes.length / 2] ^= 4;
    Files.write(state, flipped);
    Result result = run("replay", "state", "--from", "5");
    result.isVerified();
    assertThat(result.out()).contains("4 updates computed from step 2");
    assertThat(result.out()).contains("The trainer state of step 4 cannot be used");

    Files.write(state, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    Result fork = run("fork", "state", "--at", "4", "--name", "state-fork");
    assertThat(fork.code()).as(fork.err()).isZero();
    assertThat(RunDirectory.of("state-fork").path().resolve("origin/trainer-state"))
        .hasBinaryContent(bytes);
  }

  @Test
  void aDamagedInitialPolicyIsRefused() throws Exception {
    RunDirectory run = runs.record("initial");
    Path weights = pathOf(runs.ledger(run).get(0).getPolicyUri()).resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    Files.write(weights, java.util.Arrays.copyOf(bytes, bytes.length - 8));
    run("replay", "initial").isNotVerified("model.safetensors");
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    run("replay", "initial").isNotVerified("model.safetensors");
  }

  @Test
  void anAlteredLedgerIsFoundAtItsStep() throws Exception {
    runs.record("altered", Damage.ledger(entry -> altered(entry, 4)));
    run("replay", "altered").isNotVerified("NOT verified: Step 4 differs in its weights");
    run("replay", "altered", "--to", "3").isVerified();
    Result fork = run("fork", "altered", "--at", "5", "--name", "altered-fork");
    assertThat(fork.code()).isEqualTo(1);
    assertThat(fork.err()).contains("Step 4 differs");
    assertThat(RunDirectory.of("altered-fork").path()).doesNotExist();
  }

  @Test
  void anotherMachineTypeIsNamedAsTheCause() throws Exception {
    runs.record(
        "elsewhere",
        Damage.ledger(
            entry -> {
              LedgerEntry other = LedgerEntry.newBuilder(altered(entry, 1)).build();
              other.getEnvironment().put("processor", "Babbage's mill");
              return other;
            }));
    run("replay", "elsewhere")
        .isNotVerified("Another environment (ledger and here): processor Babbage's mill and ");

    runs.record(
        "elsewhere-equal",
        Damage.ledger(
            entry -> {
              LedgerEntry other = LedgerEntry.newBuilder(entry).build();
              other.getEnvironment().put("processor", "Babbage's mill");
              return other;
            }));
    Result equal = run("replay", "elsewhere-equal");
    equal.isVerified();
    assertThat(equal.out()).contains("processor Babbage's mill and ");
  }

  @Test
  void aConfigurationThatWasChangedIsNamedAsTheCause() throws Exception {
    RunDirectory run = runs.record("reconfigured");
    RunConfig changed =
        ConfigYaml.with(ConfigYaml.read(run.config()), List.of("learner.learning_rate=0.05"));
    Files.writeString(run.config(), ConfigYaml.write(changed));
    run("replay", "reconfigured", "--to", "1")
        .isNotVerified("settings in the configuration are not those of the run");
  }

  @Test
  void aRunDirectoryOfANewerCoupletIsRefusedByEveryCommand() throws Exception {
    RunDirectory run = runs.record("newer");
    Files.writeString(run.path().resolve("run.json"), "{\"format\": 99}");
    for (List<String> command :
        List.of(
            List.of("replay", "newer"),
            List.of("fork", "newer", "--at", "1", "--name", "x"),
            List.of("ledger", "--name", "newer"),
            List.of("ledger", "--diff", "newer", "whole"),
            List.of("inspect", "v1", "--name", "newer"),
            List.of("status", "--name", "newer"),
            List.of("run", "--name", "newer"))) {
      Result result = run(command.toArray(String[]::new));
      assertThat(result.code()).as("%s", command).isEqualTo(1);
      assertThat(result.err())
          .as("%s", command)
          .contains("has format 99, written by a newer Couplet")
          .hasLineCount(1);
    }
  }

  @Test
  void aForkAtAStepThatDoesNotExistIsRefused() {
    for (String step : List.of("7", "-1", "99999999999")) {
      Result result = run("fork", "whole", "--at", step, "--name", "nowhere");
      assertThat(result.code()).isEqualTo(2);
      assertThat(result.err())
          .contains("no step " + step + "; its ledger holds steps 0 to 6")
          .hasLineCount(1);
    }
    assertThat(RunDirectory.of("nowhere").path()).doesNotExist();
    assertThat(run("fork", "whole", "--at", "1", "--name", "whole").err())
        .contains("a run 'whole' already");
  }

  @Test
  void aFlippedBitInTheBrokersFilesIsRefused() throws Exception {
    RunDirectory ledger = runs.record("flipped-ledger");
    RunDirectory tape = runs.record("flipped-tape");
    runs.stopBroker();
    flip(runs.segmentOf(Topic.LEDGER, ledger));
    flip(runs.segmentOf(Topic.GROUPS, tape));
    runs.startBroker();
    run("replay", "flipped-ledger").isNotVerified("couplet.flipped-ledger.ledger", "damaged");
    run("replay", "flipped-tape").isNotVerified("couplet.flipped-tape.groups", "damaged");
    Result job = run("replay", "flipped-tape", "--as-job");
    assertThat(job.code()).isEqualTo(1);
    assertThat(job.err())
        .contains("flipped-tape replay has failed: ", "couplet.flipped-tape.groups-0", "corrupt");
    assertThat(run("ledger", "--name", "flipped-ledger").code()).isEqualTo(1);
  }

  private static void flip(Path file) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 8;
    Files.write(file, bytes);
  }

  @Test
  void theLedgerIsFilteredSummedUpAndExported() throws Exception {
    assertThat(run("ledger", "--name", "whole", "--from", "2", "--to", "4").out().lines())
        .hasSize(4);
    assertThat(run("ledger", "--name", "whole", "--dropped", "ZERO_VARIANCE", "--json").out())
        .contains("\"step\":2,", "\"step\":4,", "\"step\":6,")
        .hasLineCount(3);
    assertThat(run("ledger", "--name", "whole", "--group", "a3", "--json").out())
        .contains("\"step\":4,")
        .hasLineCount(1);
    assertThat(run("ledger", "--name", "whole", "--outcome", "initial").out()).hasLineCount(2);
    assertThat(run("ledger", "--name", "whole", "--summary").out())
        .contains("6 updates from 12 groups", "3 ZERO_VARIANCE", "ledger and hashes took");
    JsonNode summary = json("ledger", "--name", "whole", "--summary", "--json");
    assertThat(summary.path("ledger_share").asDouble()).isBetween(1e-6, 1.0);
  }

  @Test
  void aVersionLeadsToItsGroupsAndASampleToItsUpdateOrTheReasonThereIsNone() {
    assertThat(run("inspect", "v2", "--name", "whole").out())
        .contains("made by update 2 from v1", "group a1   problem p-a1", "left out flat1");
    assertThat(run("inspect", "a1", "--name", "whole").out())
        .contains("used by update 2, which made policy v2");
    assertThat(run("inspect", "flat1", "--name", "whole").out())
        .contains("left out by update 2: ZERO_VARIANCE");
  }

  private static Path pathOf(String uri) {
    return Path.of(java.net.URI.create(uri));
  }

  private static JsonNode json(String... arguments) throws Exception {
    Result result = run(arguments);
    assertThat(result.code()).as(result.err()).isZero();
    return JSON.readTree(result.out());
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
