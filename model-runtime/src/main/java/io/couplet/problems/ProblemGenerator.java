package io.couplet.problems;

import io.couplet.problems.families.Exercise;
import io.couplet.problems.families.Families;
import io.couplet.problems.families.Family;
import io.couplet.problems.families.TestCases;
import io.couplet.random.RandomStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Problems of one split, each a function of (seed, split, families, index) and of nothing else. So
 * many consecutive problems as there are families hold one of each. A problem's id and tests follow
 * from its prompt alone: the same prompt is the same problem under every seed. Immutable and
 * thread-safe.
 */
public final class ProblemGenerator {
  private static final int MOST_ATTEMPTS = 10_000;

  private final ProblemSplit split;
  private final long seed;
  private final List<Family> families;

  /** An exercise and the family that it comes from. */
  public record Drawn(Family family, Exercise exercise) {}

  /** All families of the split. */
  public ProblemGenerator(ProblemSplit split, long seed) {
    this(split, seed, Families.all().stream().filter(split::holds).toList());
  }

  private ProblemGenerator(ProblemSplit split, long seed, List<Family> families) {
    this.split = split;
    this.seed = seed;
    this.families = List.copyOf(families);
  }

  /**
   * The same, restricted to the named families.
   *
   * @throws IllegalArgumentException for a name that is no family or none of this split
   */
  public ProblemGenerator restrictedTo(Collection<String> names) {
    Set<String> unknown = new TreeSet<>(names);
    families.forEach(family -> unknown.remove(family.name()));
    if (!unknown.isEmpty() || names.isEmpty()) {
      throw new IllegalArgumentException(
          "Split "
              + split
              + " has no family "
              + String.join(", ", unknown)
              + "; its families are "
              + String.join(", ", families.stream().map(Family::name).toList()));
    }
    return new ProblemGenerator(
        split, seed, families.stream().filter(family -> names.contains(family.name())).toList());
  }

  public List<Family> families() {
    return families;
  }

  /** The exercise at an index from 0; different indices may draw the same one. */
  public Drawn exercise(long index) {
    return draw(index, false).drawn();
  }

  /** The problem at an index from 0; different indices may draw the same one. */
  public Problem problem(long index) {
    Tested tested = draw(index, true);
    Exercise exercise = tested.drawn().exercise();
    Family family = tested.drawn().family();
    return new Problem(
        family.name() + "/" + fingerprint(exercise.prompt()),
        null,
        null,
        exercise.prompt(),
        tested.tests(),
        Exercise.ENTRY_POINT,
        null,
        exercise.body(),
        null,
        List.of("family:" + family.name(), "topic:" + family.topic()));
  }

  /**
   * The first different problems.
   *
   * @throws IllegalArgumentException when the families do not hold so many
   */
  public List<Problem> distinct(int count) {
    List<Problem> problems = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    long patience = 1000L * families.size();
    long sinceNew = 0;
    for (long index = 0; problems.size() < count; index++) {
      Problem problem = problem(index);
      if (seen.add(problem.id())) {
        problems.add(problem);
        sinceNew = 0;
      } else if (++sinceNew > patience) {
        throw new IllegalArgumentException(
            "Split "
                + split
                + " holds about "
                + problems.size()
                + " different problems of the chosen families, fewer than "
                + count
                + "; ask for fewer or for more families");
      }
    }
    return problems;
  }

  private record Tested(Drawn drawn, List<String> tests) {}

  private Tested draw(long index, boolean withTests) {
    Family family = familyAt(index);
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      RandomStream random =
          RandomStream.named(seed, "exercise", split.toString(), family.name(), index, attempt);
      Exercise exercise = family.exercise(random);
      if (!split.holds(family, exercise)) {
        continue;
      }
      List<String> tests = List.of();
      if (withTests) {
        RandomStream calls = RandomStream.named(0, "calls", exercise.prompt());
        tests = TestCases.of(exercise, calls).orElse(List.of());
        if (tests.isEmpty()) {
          continue;
        }
      }
      return new Tested(new Drawn(family, exercise), tests);
    }
    throw new IllegalStateException(
        "Family " + family.name() + " gave no exercise of split " + split + " at index " + index);
  }

  /** Every block of consecutive indices visits every family, in an order of its own. */
  private Family familyAt(long index) {
    if (index < 0) {
      throw new IllegalArgumentException("Problems are counted from 0, not from " + index);
    }
    List<Family> order = new ArrayList<>(families);
    RandomStream random =
        RandomStream.named(seed, "family-order", split.toString(), index / order.size());
    for (int i = order.size() - 1; i > 0; i--) {
      Collections.swap(order, i, random.nextInt(i + 1));
    }
    return order.get((int) (index % order.size()));
  }

  private static String fingerprint(String prompt) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(prompt.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
