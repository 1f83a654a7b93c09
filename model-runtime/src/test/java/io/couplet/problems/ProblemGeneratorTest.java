package io.couplet.problems;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.problems.families.Families;
import io.couplet.problems.families.Family;
import io.couplet.problems.families.Kind;
import io.couplet.problems.families.TestCases;
import io.couplet.problems.families.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProblemGeneratorTest {
  private static final int DRAWS = 30_000;

  @Test
  void splitsShareNoPromptOverTensOfThousandsOfDraws() {
    Map<ProblemSplit, Set<String>> prompts = new EnumMap<>(ProblemSplit.class);
    Map<ProblemSplit, Set<String>> families = new EnumMap<>(ProblemSplit.class);
    for (ProblemSplit split : ProblemSplit.values()) {
      ProblemGenerator generator = new ProblemGenerator(split, 1);
      prompts.put(split, new HashSet<>());
      families.put(split, new HashSet<>());
      for (int i = 0; i < DRAWS; i++) {
        ProblemGenerator.Drawn drawn = generator.exercise(i);
        prompts.get(split).add(drawn.exercise().prompt());
        families.get(split).add(drawn.family().name());
      }
    }
    Set<String> train = prompts.get(ProblemSplit.TRAINING);
    Set<String> instances = prompts.get(ProblemSplit.HELD_OUT_INSTANCES);
    Set<String> unseen = prompts.get(ProblemSplit.HELD_OUT_FAMILIES);
    assertThat(train).hasSizeGreaterThan(10_000);
    assertThat(Collections.disjoint(train, instances)).isTrue();
    assertThat(Collections.disjoint(train, unseen)).isTrue();
    assertThat(Collections.disjoint(instances, unseen)).isTrue();
    assertThat(families.get(ProblemSplit.HELD_OUT_INSTANCES))
        .isEqualTo(families.get(ProblemSplit.TRAINING));
    assertThat(
            Collections.disjoint(
                families.get(ProblemSplit.TRAINING), families.get(ProblemSplit.HELD_OUT_FAMILIES)))
        .isTrue();
  }

  @Test
  void atLeastFortyFamiliesOfEveryTopicWithTheirOwnNames() {
    assertThat(Families.all().stream().filter(ProblemSplit.TRAINING::holds).count())
        .isGreaterThanOrEqualTo(40);
    assertThat(Families.all().stream().filter(Family::heldOut).count()).isGreaterThanOrEqualTo(5);
    assertThat(Families.all().stream().map(Family::topic)).contains(Topic.values());
    assertThat(Families.all().stream().map(Family::name)).doesNotHaveDuplicates();
    assertThat(Arrays.stream(Kind.values()).flatMap(kind -> kind.names().stream()))
        .doesNotHaveDuplicates();
  }

  @Test
  void problemsFollowFromSeedAndIndexAlone() {
    ProblemGenerator one = new ProblemGenerator(ProblemSplit.TRAINING, 7);
    ProblemGenerator other = new ProblemGenerator(ProblemSplit.TRAINING, 7);
    List<Problem> forwards = IntStream.range(0, 200).mapToObj(one::problem).toList();
    List<Problem> backwards =
        new ArrayList<>(IntStream.range(0, 200).mapToObj(i -> other.problem(199 - i)).toList());
    Collections.reverse(backwards);
    assertThat(backwards).isEqualTo(forwards);
    assertThat(new ProblemGenerator(ProblemSplit.TRAINING, 8).problem(0))
        .isNotEqualTo(forwards.get(0));
  }

  @Test
  void aBlockOfConsecutiveProblemsHoldsEveryFamilyOnce() {
    ProblemGenerator generator = new ProblemGenerator(ProblemSplit.HELD_OUT_INSTANCES, 3);
    int count = generator.families().size();
    assertThat(IntStream.range(count, 2 * count).mapToObj(i -> generator.problem(i).tags().get(0)))
        .doesNotHaveDuplicates()
        .hasSize(count);
  }

  @Test
  void everyProblemHasItsTestsAndFollowsFromItsPrompt() {
    Map<String, Problem> byPrompt = new HashMap<>();
    for (int seed = 0; seed < 4; seed++) {
      ProblemGenerator generator = new ProblemGenerator(ProblemSplit.TRAINING, seed);
      for (int i = 0; i < 1000; i++) {
        Problem problem = generator.problem(i);
        assertThat(problem.tests()).hasSize(TestCases.COUNT).doesNotHaveDuplicates();
        assertThat(problem.solution()).startsWith("    ").doesNotEndWith("\n");
        Problem earlier = byPrompt.putIfAbsent(problem.prompt(), problem);
        assertThat(earlier == null || earlier.equals(problem)).isTrue();
      }
    }
  }

  @Test
  void distinctProblemsAreDistinctAndTheirEndIsASentence() {
    ProblemGenerator generator = new ProblemGenerator(ProblemSplit.HELD_OUT_INSTANCES, 3);
    assertThat(generator.distinct(500).stream().map(Problem::id)).doesNotHaveDuplicates();
    ProblemGenerator small = generator.restrictedTo(List.of("zipped"));
    assertThatThrownBy(() -> small.distinct(1000)).hasMessageContaining("fewer than 1000");
  }

  @Test
  void unknownFamiliesAndFamiliesOfAnotherSplitAreRefused() {
    ProblemGenerator generator = new ProblemGenerator(ProblemSplit.TRAINING, 3);
    assertThat(generator.restrictedTo(List.of("zipped", "compare")).families()).hasSize(2);
    assertThatThrownBy(() -> generator.restrictedTo(List.of("zipped", "nonesuch")))
        .hasMessageContaining("no family nonesuch");
    assertThatThrownBy(() -> generator.restrictedTo(List.of("scaled_difference")))
        .hasMessageContaining("no family scaled_difference");
  }

  @Test
  void everyFamilyHoldsEnoughDifferentProblemsOnBothSides() {
    for (ProblemSplit split : ProblemSplit.values()) {
      ProblemGenerator generator = new ProblemGenerator(split, 5);
      Map<String, Set<String>> prompts = new HashMap<>();
      for (int i = 0; i < 200 * generator.families().size(); i++) {
        ProblemGenerator.Drawn drawn = generator.exercise(i);
        prompts
            .computeIfAbsent(drawn.family().name(), name -> new HashSet<>())
            .add(drawn.exercise().prompt());
      }
      assertThat(prompts).allSatisfy((family, some) -> assertThat(some).hasSizeGreaterThan(5));
    }
  }
}
