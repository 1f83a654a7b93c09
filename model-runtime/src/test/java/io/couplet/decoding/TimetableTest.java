package io.couplet.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TimetableTest {
  @Test
  void dreamWithAsManyStepsAsTokensStartsWithNoneAndEndsWithTwo() {
    List<Integer> commits = commits(DecodingSchedule.DREAM, 256, 256);
    assertThat(commits.get(0)).isZero();
    assertThat(commits.subList(1, 255)).containsOnly(1);
    assertThat(commits.get(255)).isEqualTo(2);
  }

  @Test
  void dreamWithHalfTheStepsStartsWithOneAndEndsWithThree() {
    List<Integer> commits = commits(DecodingSchedule.DREAM, 256, 128);
    assertThat(commits.get(0)).isEqualTo(1);
    assertThat(commits.subList(1, 127)).containsOnly(2);
    assertThat(commits.get(127)).isEqualTo(3);
  }

  @Test
  void dreamWithAQuarterOfTheStepsStartsWithThreeAndEndsWithFive() {
    List<Integer> commits = commits(DecodingSchedule.DREAM, 256, 64);
    assertThat(commits.get(0)).isEqualTo(3);
    assertThat(commits.subList(1, 63)).containsOnly(4);
    assertThat(commits.get(63)).isEqualTo(5);
  }

  @Test
  void dreamWithMoreStepsThanTokensHasEmptySteps() {
    assertThat(Collections.frequency(commits(DecodingSchedule.DREAM, 100, 256), 0)).isEqualTo(157);
  }

  @Test
  void uniformGivesTheRemainderToTheFirstSteps() {
    assertThat(commits(DecodingSchedule.UNIFORM, 10, 4)).containsExactly(3, 3, 2, 2);
    assertThat(commits(DecodingSchedule.UNIFORM, 3, 5)).containsExactly(1, 1, 1, 0, 0);
  }

  @Property
  void everyScheduleCommitsEveryTokenExactlyOnce(
      @ForAll DecodingSchedule schedule,
      @ForAll @IntRange(min = 1, max = 400) int length,
      @ForAll @IntRange(min = 1, max = 400) int steps) {
    List<Integer> commits = commits(schedule, length, steps);
    assertThat(commits).allMatch(count -> count >= 0);
    assertThat(commits.stream().mapToInt(Integer::intValue).sum()).isEqualTo(length);
  }

  private static List<Integer> commits(DecodingSchedule schedule, int length, int steps) {
    Timetable timetable =
        new Timetable(
            new DecodingSettings(DecodingAlgorithm.ENTROPY, schedule, length, steps, 1, 1, 0, 0));
    List<Integer> commits = new ArrayList<>();
    int masked = length;
    for (int step = 0; step < steps; step++) {
      int count = timetable.commits(step, masked);
      commits.add(count);
      masked -= count;
    }
    return commits;
  }
}
