package io.couplet.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.learner.LearnerStore.Published;
import io.couplet.policy.PolicyReference;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RetentionTest {
  private static final int RECENT = 3;

  private static LearnerSettings settings(int keepEvery, int evaluateEvery) {
    return new LearnerSettings(
        "r", 7, null, Tapes.settings(2, 1), 2, keepEvery, evaluateEvery, RECENT, 1);
  }

  private static String uri(long version) {
    return "policy-" + version;
  }

  /** Publishes versions 0 to {@code last}, with a completed checkpoint after each. */
  private static List<String> deleted(Retention retention, long last) {
    List<String> deleted = new ArrayList<>();
    for (long version = 0; version <= last; version++) {
      retention.published(
          new Published(new PolicyReference(version, uri(version), "0".repeat(64)), 1));
      deleted.addAll(retention.completed(version).policies());
    }
    return deleted;
  }

  private static String[] versions(long... versions) {
    return LongStream.of(versions).mapToObj(RetentionTest::uri).toArray(String[]::new);
  }

  @Test
  void theNewestVersionsStayAndVersionZeroDoes() {
    Retention retention = new Retention(settings(0, 0));

    assertThat(deleted(retention, 7)).containsExactly(versions(1, 2, 3, 4));
  }

  @Test
  void multiplesOfTheKeepIntervalStay() {
    Retention retention = new Retention(settings(2, 0));

    assertThat(deleted(retention, 7)).containsExactly(versions(1, 3));
  }

  @Test
  void twoVersionsThatAreStillToBeEvaluatedStay() {
    Retention retention = new Retention(settings(0, 5));

    assertThat(deleted(retention, 14))
        .contains(versions(4, 6, 9, 11))
        .doesNotContain(versions(5, 10));
  }

  @Test
  void aThirdVersionToEvaluateEndsTheStayOfTheFirst() {
    Retention retention = new Retention(settings(0, 5));

    assertThat(deleted(retention, 19)).contains(uri(5)).doesNotContain(versions(10, 15));
    assertThat(retention.policies()).hasSize(RECENT + 2);
  }
}
