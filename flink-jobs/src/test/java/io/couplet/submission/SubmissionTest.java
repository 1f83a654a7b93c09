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

  @Test
  void withoutChoiceAllJobsOfTheRunAreMeant() {
    assertThat(parse().jobs()).containsExactly(RunJob.values());
    assertThat(parse("--set", "evaluation.every=0").jobs()).doesNotContain(RunJob.EVALUATION);
  }

  @Test
  void jobsAreChosenByTheirStage() {
    Submission submission = parse("--job", "learner", "--job", "reward", "--set", "seed=7");
    assertThat(submission.jobs()).containsExactly(RunJob.LEARNER, RunJob.REWARD);
    assertThat(submission.config().seed()).isEqualTo(7);
    assertThat(submission.config().name()).isEqualTo("c");
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
        .hasMessageContaining("learner");
    assertThatThrownBy(() -> parse("--set")).hasMessageContaining("--set needs a value");
    assertThatThrownBy(() -> Submission.parse("--config", "absent.yaml"))
        .hasMessageContaining("absent.yaml");
  }
}
