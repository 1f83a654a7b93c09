package io.couplet.problems.families;

import static io.couplet.problems.families.Family.heldOut;
import static io.couplet.problems.families.Family.training;
import static io.couplet.problems.families.Topic.CONDITIONALS;

import java.util.List;

/** The answer depends on a case distinction. */
final class ConditionalFamilies {
  private static final List<List<String>> LABELS =
      List.of(List.of("yes", "no"), List.of("big", "small"), List.of("hit", "miss"));

  private ConditionalFamilies() {}

  static List<Family> all() {
    return List.of(
        training(CONDITIONALS, "larger_or_smaller", ConditionalFamilies::largerOrSmaller),
        training(CONDITIONALS, "extreme_of_three", ConditionalFamilies::extremeOfThree),
        training(CONDITIONALS, "at_most_or_least", ConditionalFamilies::atMostOrLeast),
        training(CONDITIONALS, "limited", ConditionalFamilies::limited),
        training(CONDITIONALS, "choose_by_limit", d -> choose(d, d.limit())),
        heldOut(
            CONDITIONALS,
            "choose_by_parity",
            d -> choose(d, d.coin() ? Condition.even() : Condition.odd())),
        training(CONDITIONALS, "two_constants", ConditionalFamilies::twoConstants),
        training(CONDITIONALS, "two_changes", ConditionalFamilies::twoChanges),
        training(CONDITIONALS, "label", ConditionalFamilies::label),
        training(CONDITIONALS, "guarded_division", ConditionalFamilies::guardedDivision));
  }

  private static Exercise largerOrSmaller(Draw d) {
    String a = d.number();
    String b = d.number();
    boolean larger = d.coin();
    Operation op = d.operation();
    long n = d.constant();
    return d.exercise(
        op.words((larger ? "larger of " : "smaller of ") + a + " and " + b, n),
        in -> {
          boolean first = in.number(0) > in.number(1) == larger;
          return op.of(first ? in.number(0) : in.number(1), n);
        },
        "return " + op.python((larger ? "max(" : "min(") + a + ", " + b + ")", n));
  }

  private static Exercise extremeOfThree(Draw d) {
    String a = d.number();
    String b = d.number();
    String c = d.number();
    boolean largest = d.coin();
    return d.exercise(
        (largest ? "largest of " : "smallest of ") + a + ", " + b + " and " + c,
        in -> {
          List<Long> sorted =
              List.of(in.number(0), in.number(1), in.number(2)).stream().sorted().toList();
          return sorted.get(largest ? 2 : 0);
        },
        "return " + (largest ? "max(" : "min(") + a + ", " + b + ", " + c + ")");
  }

  private static Exercise atMostOrLeast(Draw d) {
    String a = d.number();
    boolean most = d.coin();
    long n = d.constant();
    return d.exercise(
        a + (most ? " but at most " : " but at least ") + n,
        in -> in.number(0) > n == most ? Long.valueOf(n) : Long.valueOf(in.number(0)),
        "return " + (most ? "min(" : "max(") + a + ", " + n + ")");
  }

  private static Exercise limited(Draw d) {
    String a = d.number();
    long low = d.constant(1, 10);
    long high = d.constant(11, 20);
    return d.exercise(
        a + " but at least " + low + " and at most " + high,
        in -> in.number(0) < low ? low : in.number(0) > high ? high : in.number(0),
        "return max(" + low + ", min(" + a + ", " + high + "))");
  }

  private static Exercise choose(Draw d, Condition is) {
    String a = d.number();
    String b = d.number();
    return d.exercise(
        a + " if " + a + " is " + is.adjective() + " else " + b,
        in -> in.number(is.holds(in.number(0)) ? 0 : 1),
        "if " + is.python(a) + ":",
        "    return " + a,
        "return " + b);
  }

  private static Exercise twoConstants(Draw d) {
    String a = d.number();
    String b = d.number();
    boolean above = d.coin();
    long n = d.constant(1, 10);
    long m = d.constant(11, 20);
    return d.exercise(
        n + " if " + a + (above ? " is above " : " is below ") + b + " else " + m,
        in -> (above ? in.number(0) > in.number(1) : in.number(0) < in.number(1)) ? n : m,
        "if " + a + (above ? " > " : " < ") + b + ":",
        "    return " + n,
        "return " + m);
  }

  private static Exercise twoChanges(Draw d) {
    String a = d.number();
    Condition is = d.condition();
    Operation then = d.operation();
    Operation otherwise = d.sumOrDifference();
    long n = d.constant(2, 10);
    long m = d.constant(11, 20);
    return d.exercise(
        then.words(a, n) + " if " + a + " is " + is.adjective() + " else " + otherwise.words(a, m),
        in -> is.holds(in.number(0)) ? then.of(in.number(0), n) : otherwise.of(in.number(0), m),
        "if " + is.python(a) + ":",
        "    return " + then.python(a, n),
        "return " + otherwise.python(a, m));
  }

  private static Exercise label(Draw d) {
    String a = d.number();
    Condition is = d.condition();
    List<String> labels = d.one(LABELS);
    String yes = labels.get(0);
    String no = labels.get(1);
    return d.exercise(
        "'" + yes + "' if " + a + " is " + is.adjective() + " else '" + no + "'",
        in -> is.holds(in.number(0)) ? yes : no,
        "if " + is.python(a) + ":",
        "    return '" + yes + "'",
        "return '" + no + "'");
  }

  private static Exercise guardedDivision(Draw d) {
    String a = d.number();
    String b = d.number();
    long n = d.constant();
    return d.exercise(
        n + " if " + b + " is 0 else " + a + " divided by " + b + " rounded down",
        in -> in.number(1) == 0 ? n : Math.floorDiv(in.number(0), in.number(1)),
        "if " + b + " == 0:",
        "    return " + n,
        "return " + a + " // " + b);
  }
}
