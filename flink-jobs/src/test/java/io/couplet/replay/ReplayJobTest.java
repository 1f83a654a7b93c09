package io.couplet.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an ended job's accumulators say; nothing is taken for verified that failed. */
class ReplayJobTest {
  private static final Optional<String> FAILED = Optional.of("The job has failed: a disk is full");

  private static Map<String, Object> reports(String... reports) {
    return Map.of(ReplayJob.REPORT, List.of(reports));
  }

  @Test
  void theReportOfAJobThatFinishedIsItsLastOne() throws Exception {
    assertThat(
            ReplayJob.report(reports("{\"compared\":3}", "{\"compared\":7}"), Optional.empty())
                .path("compared")
                .asInt())
        .isEqualTo(7);
  }

  @Test
  void aDivergenceIsReportedByAJobThatFailed() throws Exception {
    assertThat(
            ReplayJob.report(reports("{\"verified\":false,\"sentence\":\"s\"}"), FAILED)
                .path("sentence")
                .asText())
        .isEqualTo("s");
  }

  @Test
  void aJobThatFailedHasVerifiedNothing() {
    assertThatThrownBy(() -> ReplayJob.report(reports("{\"verified\":true}"), FAILED))
        .isInstanceOf(IOException.class)
        .hasMessage("The job has failed: a disk is full");
  }

  @Test
  void aJobWithoutAReportIsAnErrorHoweverItEnded() {
    assertThatThrownBy(() -> ReplayJob.report(Map.of(), FAILED))
        .hasMessage("The job has failed: a disk is full");
    assertThatThrownBy(() -> ReplayJob.report(reports(), Optional.empty()))
        .isInstanceOf(IOException.class)
        .hasMessage("The replay job ended without a report.");
  }
}
