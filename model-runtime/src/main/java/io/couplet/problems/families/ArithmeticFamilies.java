package io.couplet.problems.families;

import static io.couplet.problems.families.Family.heldOut;
import static io.couplet.problems.families.Family.training;
import static io.couplet.problems.families.Topic.ARITHMETIC;

import java.util.List;

/** Numbers in, a number out, one expression. */
final class ArithmeticFamilies {
  private ArithmeticFamilies() {}

  static List<Family> all() {
    return List.of(
        training(ARITHMETIC, "two_numbers", ArithmeticFamilies::twoNumbers),
        training(ARITHMETIC, "three_terms", ArithmeticFamilies::threeTerms),
        training(ARITHMETIC, "scaled_sum", d -> scaled(d, Operation.PLUS, "sum")),
        heldOut(ARITHMETIC, "scaled_difference", d -> scaled(d, Operation.MINUS, "difference")),
        training(ARITHMETIC, "weighted_sum", ArithmeticFamilies::weightedSum),
        training(ARITHMETIC, "square_and_number", ArithmeticFamilies::squareAndNumber),
        training(ARITHMETIC, "power", ArithmeticFamilies::power),
        training(ARITHMETIC, "remainder", ArithmeticFamilies::remainder),
        training(ARITHMETIC, "rounded_division", ArithmeticFamilies::roundedDivision),
        training(ARITHMETIC, "distance", ArithmeticFamilies::distance));
  }

  private static Exercise twoNumbers(Draw d) {
    String a = d.number();
    String b = d.number();
    Operation op = d.operation();
    return d.exercise(
        op.words(a, b), in -> op.of(in.number(0), in.number(1)), "return " + op.python(a, b));
  }

  private static Exercise threeTerms(Draw d) {
    String a = d.number();
    String b = d.number();
    Operation first = d.sumOrDifference();
    Operation second = d.sumOrDifference();
    long n = d.constant();
    return d.exercise(
        second.words(
            (first == Operation.PLUS ? "sum" : "difference") + " of " + a + " and " + b, n),
        in -> second.of(first.of(in.number(0), in.number(1)), n),
        "return " + second.python(first.python(a, b), n));
  }

  private static Exercise scaled(Draw d, Operation op, String noun) {
    String a = d.number();
    String b = d.number();
    long k = d.factor();
    return d.exercise(
        k + " times the " + noun + " of " + a + " and " + b,
        in -> k * op.of(in.number(0), in.number(1)),
        "return " + k + " * (" + op.python(a, b) + ")");
  }

  private static Exercise weightedSum(Draw d) {
    String a = d.number();
    String b = d.number();
    long k = d.factor();
    Operation op = d.sumOrDifference();
    return d.exercise(
        op.words(k + " times " + a, b),
        in -> op.of(k * in.number(0), in.number(1)),
        "return " + op.python(k + " * " + a, b));
  }

  private static Exercise squareAndNumber(Draw d) {
    String a = d.number();
    Operation op = d.sumOrDifference();
    long n = d.constant();
    return d.exercise(
        op.words("square of " + a, n),
        in -> op.of(in.number(0) * in.number(0), n),
        "return " + op.python(a + " * " + a, n));
  }

  private static Exercise power(Draw d) {
    String a = d.number();
    String b = d.number();
    long k = d.constant(2, 5);
    Operation op = d.sumOrDifference();
    return d.exercise(
        op.words(a + " to the power " + k, b),
        in -> {
          long power = 1;
          for (long i = 0; i < k; i++) {
            power *= in.number(0);
          }
          return op.of(power, in.number(1));
        },
        "return " + op.python(a + " ** " + k, b));
  }

  private static Exercise remainder(Draw d) {
    String a = d.number();
    String b = d.number();
    Operation op = d.operation();
    long k = d.factor();
    return d.exercise(
        "remainder of " + op.words(a, b) + " by " + k,
        in -> Math.floorMod(op.of(in.number(0), in.number(1)), k),
        "return (" + op.python(a, b) + ") % " + k);
  }

  private static Exercise roundedDivision(Draw d) {
    String a = d.number();
    String b = d.number();
    long k = d.factor();
    Operation op = d.sumOrDifference();
    return d.exercise(
        op.words(a + " divided by " + k + " rounded down", b),
        in -> op.of(Math.floorDiv(in.number(0), k), in.number(1)),
        "return " + op.python(a + " // " + k, b));
  }

  private static Exercise distance(Draw d) {
    String a = d.number();
    String b = d.number();
    Operation op = d.operation();
    long n = d.constant();
    return d.exercise(
        op.words("distance of " + a + " and " + b, n),
        in -> op.of(Math.abs(in.number(0) - in.number(1)), n),
        "return " + op.python("abs(" + a + " - " + b + ")", n));
  }
}
