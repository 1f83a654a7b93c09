package io.couplet.problems.families;

import static io.couplet.problems.families.Family.training;
import static io.couplet.problems.families.Topic.COMPARISONS;

import java.util.List;

/** Numbers in, True or False out. */
final class ComparisonFamilies {
  private ComparisonFamilies() {}

  static List<Family> all() {
    return List.of(
        training(COMPARISONS, "compare", ComparisonFamilies::compare),
        training(COMPARISONS, "number_has_property", ComparisonFamilies::numberHasProperty),
        training(COMPARISONS, "sum_has_property", ComparisonFamilies::sumHasProperty),
        training(COMPARISONS, "between", ComparisonFamilies::between),
        training(COMPARISONS, "both_or_either", ComparisonFamilies::bothOrEither),
        training(COMPARISONS, "equals", ComparisonFamilies::equal));
  }

  private static Exercise compare(Draw d) {
    String a = d.number();
    String b = d.number();
    long n = d.constant();
    boolean above = d.coin();
    return d.exercise(
        "whether " + a + (above ? " is above " : " is below ") + b + " plus " + n,
        in -> {
          long other = in.number(1) + n;
          return above ? in.number(0) > other : in.number(0) < other;
        },
        "return " + a + (above ? " > " : " < ") + b + " + " + n);
  }

  private static Exercise numberHasProperty(Draw d) {
    String a = d.number();
    Condition is = d.condition();
    return d.exercise(
        "whether " + a + " is " + is.adjective(),
        in -> is.holds(in.number(0)),
        "return " + is.python(a));
  }

  private static Exercise sumHasProperty(Draw d) {
    String a = d.number();
    String b = d.number();
    Operation op = d.sumOrDifference();
    Condition is = d.condition();
    return d.exercise(
        "whether " + op.words(a, b) + " is " + is.adjective(),
        in -> is.holds(op.of(in.number(0), in.number(1))),
        "return " + is.python("(" + op.python(a, b) + ")"));
  }

  private static Exercise between(Draw d) {
    String a = d.number();
    long low = d.constant(1, 10);
    long high = d.constant(11, 20);
    return d.exercise(
        "whether " + a + " is between " + low + " and " + high,
        in -> low <= in.number(0) && in.number(0) <= high,
        "return " + low + " <= " + a + " <= " + high);
  }

  private static Exercise bothOrEither(Draw d) {
    String a = d.number();
    String b = d.number();
    boolean both = d.coin();
    Condition is = d.limit();
    return d.exercise(
        "whether " + a + (both ? " and " : " or ") + b + " is " + is.adjective(),
        in -> {
          boolean left = is.holds(in.number(0));
          boolean right = is.holds(in.number(1));
          return both ? left && right : left || right;
        },
        "return " + is.python(a) + (both ? " and " : " or ") + is.python(b));
  }

  private static Exercise equal(Draw d) {
    String a = d.number();
    String b = d.number();
    Operation op = d.operation();
    long n = d.constant(1, 9);
    return d.exercise(
        "whether " + a + " equals " + op.words(b, n),
        in -> in.number(0) == op.of(in.number(1), n),
        "return " + a + " == " + op.python(b, n));
  }
}
