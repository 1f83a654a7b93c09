package io.couplet.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmissionTest {
  @TempDir Path directory;
  private String file;

  @BeforeEach
  void write() throws IOException {
    file =
        Files.writeString(
                directory.resolve("run.yaml"),
                """
                name: c
                kafka: {bootstrap_servers: 'broker:9092'}
                policy: {initial: 's3://bucket/base', store: '/shared/policies'}
                workers: {endpoints: ['worker:7070']}
                """)
            .toString();
  }

  private Submission parse(String... further) {
    List<String> all = new ArrayList<>(List.of("--config", file));
    all.addAll(Arrays.asList(further));
    return Submission.parse(all.toArray(String[]::new));
  }

  private List<RunJob> jobs(String... further) {
    return ((Submission.OfJobs) parse(further)).jobs();
  }

  @Test
  void withoutChoiceAllJobsOfTheRunAreMeant() {
    assertThat(jobs()).containsExactly(RunJob.values());
    assertThat(jobs("--set", "evaluation.every=0")).doesNotContain(RunJob.EVALUATION);
  }

  @Test
  void jobsAreChosenByTheirStage() {
    String[] chosen = {"--job", "learner", "--job", "reward", "--set", "seed=7"};
    assertThat(jobs(chosen)).containsExactly(RunJob.LEARNER, RunJob.REWARD);
    Submission submission = parse(chosen);
    assertThat(submission.config().seed()).isEqualTo(7);
    assertThat(submission.config().name()).isEqualTo("c");
  }

  @Test
  void aReplayIsSubmittedAloneWithItsSteps() {
    assertThat(parse("--job", "replay", "--from", "3", "--to", "9"))
        .isEqualTo(new Submission.OfReplay(parse().config(), 3, Optional.of(9L)));
    assertThat(parse("--job", "replay"))
        .isEqualTo(new Submission.OfReplay(parse().config(), 0, Optional.empty()));
    assertThatThrownBy(() -> parse("--job", "replay", "--job", "learner"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("A replay is submitted alone");
    assertThatThrownBy(() -> parse("--job", "learner", "--from", "3"))
        .hasMessageContaining("give --job replay");
    assertThatThrownBy(() -> parse("--to", "3")).hasMessageContaining("give --job replay");
    assertThatThrownBy(() -> parse("--job", "replay", "--from", "all"))
        .hasMessageContaining("--from is 'all', but a step is a whole number");
  }

  @Test
  void aReplayNeedsTheTapeAndTheStoreAndNothingElse() {
    assertThat(
            parse(
                    "--job",
                    "replay",
                    "--set",
                    "workers.endpoints=[]",
                    "--set",
                    "policy.initial=policies/base")
                .config()
                .workers()
                .endpoints())
        .isEmpty();
    assertThatThrownBy(() -> parse("--job", "replay", "--set", "policy.store=policies"))
        .hasMessageContaining("policy.store is 'policies'");
    assertThatThrownBy(() -> parse("--job", "replay", "--set", "kafka.bootstrap_servers="))
        .hasMessageContaining("kafka.bootstrap_servers is empty");
  }

  @Test
  void whatLocalModeWouldChooseMustBeSaid() {
    assertThatThrownBy(() -> parse("--set", "kafka.bootstrap_servers="))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("kafka.bootstrap_servers is empty");
    assertThatThrownBy(() -> parse("--set", "workers.endpoints=[]"))
        .hasMessageContaining("workers.endpoints is empty");
    assertThatThrownBy(() -> parse("--set", "policy.store="))
        .hasMessageContaining("policy.store is ''");
    assertThatThrownBy(() -> parse("--set", "policy.initial=policies/base"))
        .hasMessageContaining("must mean the same on every machine");
    assertThatThrownBy(() -> parse("--set", "evaluation.source=held-out.jsonl"))
        .hasMessageContaining("evaluation.source");
  }

  @Test
  void wrongArgumentsAreNamedWithTheUsage() {
    assertThatThrownBy(() -> parse("--jobs", "learner"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("Unknown argument '--jobs'")
        .hasMessageContaining("--job rollout|reward");
    assertThatThrownBy(() -> parse("--job", "trainer"))
        .hasMessageContaining("no job 'trainer'")
        .hasMessageContaining("learner, evaluation, replay");
    assertThatThrownBy(() -> parse("--set")).hasMessageContaining("--set needs a value");
    assertThatThrownBy(() -> Submission.parse("--config", "absent.yaml"))
        .hasMessageContaining("absent.yaml");
  }
}
