package io.couplet.problems.families;

import static io.couplet.problems.families.Family.heldOut;
import static io.couplet.problems.families.Family.training;
import static io.couplet.problems.families.Topic.LOOPS;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Counting ranges and loops with state. */
final class LoopFamilies {
  private LoopFamilies() {}

  static List<Family> all() {
    return List.of(
        training(LOOPS, "squares_in_range", LoopFamilies::squaresInRange),
        training(LOOPS, "range_sum", LoopFamilies::rangeSum),
        training(LOOPS, "loop_sum", d -> accumulate(d, Operation.PLUS, "sum")),
        training(LOOPS, "loop_product", d -> accumulate(d, Operation.TIMES, "product")),
        training(LOOPS, "loop_filtered_sum", LoopFamilies::filteredSum),
        heldOut(LOOPS, "loop_filtered_list", LoopFamilies::filteredList),
        training(LOOPS, "loop_changed_list", LoopFamilies::changedList),
        training(LOOPS, "loop_first_match", LoopFamilies::firstMatch),
        training(LOOPS, "loop_running_sums", LoopFamilies::runningSums));
  }

  private static Exercise squaresInRange(Draw d) {
    String a = d.number();
    String b = d.number();
    return d.exercise(
        "squares of numbers from " + a + " to " + b,
        in -> LongStream.rangeClosed(in.number(0), in.number(1)).map(i -> i * i).boxed().toList(),
        "return [i * i for i in range(" + a + ", " + b + " + 1)]");
  }

  private static Exercise rangeSum(Draw d) {
    String a = d.number();
    long n = d.constant();
    return d.exercise(
        "sum of numbers from " + n + " to " + a,
        in -> LongStream.rangeClosed(n, in.number(0)).sum(),
        "return sum(range(" + n + ", " + a + " + 1))");
  }

  private static Exercise accumulate(Draw d, Operation op, String noun) {
    String xs = d.numbers();
    long n = d.constant(2, 20);
    return d.exercise(
        "loop for the " + noun + " of items of " + xs + " from " + n,
        in -> in.numbers(0).stream().reduce(n, op::of),
        "total = " + n,
        "for i in " + xs + ":",
        "    total " + (op == Operation.PLUS ? "+= " : "*= ") + "i",
        "return total");
  }

  private static Exercise filteredSum(Draw d) {
    String xs = d.numbers();
    Condition that = d.condition();
    return d.exercise(
        "loop for the sum of items of " + xs + " " + that.attribute(),
        in -> in.numbers(0).stream().filter(that::holds).mapToLong(Long::longValue).sum(),
        "total = 0",
        "for i in " + xs + ":",
        "    if " + that.python("i") + ":",
        "        total += i",
        "return total");
  }

  private static Exercise filteredList(Draw d) {
    String xs = d.numbers();
    Condition that = d.condition();
    return d.exercise(
        "loop for the items of " + xs + " " + that.attribute(),
        in -> in.numbers(0).stream().filter(that::holds).toList(),
        "result = []",
        "for i in " + xs + ":",
        "    if " + that.python("i") + ":",
        "        result.append(i)",
        "return result");
  }

  private static Exercise changedList(Draw d) {
    String xs = d.numbers();
    Operation op = d.operation();
    long n = d.constant(2, 20);
    return d.exercise(
        "loop for each item of " + op.words(xs, n),
        in -> in.numbers(0).stream().map(item -> op.of(item, n)).toList(),
        "result = []",
        "for i in " + xs + ":",
        "    result.append(" + op.python("i", n) + ")",
        "return result");
  }

  private static Exercise firstMatch(Draw d) {
    String xs = d.numbers();
    Condition that = d.condition();
    String a = d.number();
    return d.exercise(
        "loop for the first item of " + xs + " " + that.attribute() + " else " + a,
        in -> in.numbers(0).stream().filter(that::holds).findFirst().orElse(in.number(1)),
        "for i in " + xs + ":",
        "    if " + that.python("i") + ":",
        "        return i",
        "return " + a);
  }

  private static Exercise runningSums(Draw d) {
    String xs = d.numbers();
    long n = d.constant();
    return d.exercise(
        "loop for the running sums of items of " + xs + " from " + n,
        in -> {
          List<Long> sums = new ArrayList<>();
          long sum = n;
          for (long item : in.numbers(0)) {
            sum += item;
            sums.add(sum);
          }
          return sums;
        },
        "total = " + n,
        "result = []",
        "for i in " + xs + ":",
        "    total += i",
        "    result.append(total)",
        "return result");
  }
}
