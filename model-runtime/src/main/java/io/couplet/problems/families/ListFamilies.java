package io.couplet.problems.families;

import static io.couplet.problems.families.Family.heldOut;
import static io.couplet.problems.families.Family.training;
import static io.couplet.problems.families.Topic.LISTS;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** Lists of numbers. */
final class ListFamilies {
  private ListFamilies() {}

  static List<Family> all() {
    return List.of(
        training(LISTS, "filtered_sum", ListFamilies::filteredSum),
        training(LISTS, "filtered_count", ListFamilies::filteredCount),
        training(LISTS, "filtered", ListFamilies::filtered),
        training(LISTS, "changed", ListFamilies::changed),
        training(LISTS, "filtered_and_changed", ListFamilies::filteredAndChanged),
        training(LISTS, "item_at", ListFamilies::itemAt),
        training(LISTS, "first_or_last_items", ListFamilies::firstOrLastItems),
        training(LISTS, "reversed", ListFamilies::reversed),
        training(LISTS, "sorted", ListFamilies::sortedItems),
        training(LISTS, "extreme_item", ListFamilies::extremeItem),
        heldOut(LISTS, "filtered_extreme", ListFamilies::filteredExtreme),
        training(LISTS, "contains", ListFamilies::contains),
        training(LISTS, "any_has_property", ListFamilies::anyHasProperty),
        training(LISTS, "all_have_property", ListFamilies::allHaveProperty),
        training(LISTS, "pairwise", ListFamilies::pairwise),
        training(LISTS, "different_items", ListFamilies::differentItems));
  }

  private static LongStream those(List<Long> items, Condition that) {
    return items.stream().mapToLong(Long::longValue).filter(that::holds);
  }

  private static Exercise filteredSum(Draw d) {
    String xs = d.numbers();
    Condition that = d.condition();
    return d.exercise(
        "sum of items of " + xs + " " + that.attribute(),
        in -> those(in.numbers(0), that).sum(),
        "return sum(i for i in " + xs + " if " + that.python("i") + ")");
  }

  private static Exercise filteredCount(Draw d) {
    String xs = d.numbers();
    Condition that = d.condition();
    return d.exercise(
        "count of items of " + xs + " " + that.attribute(),
        in -> those(in.numbers(0), that).count(),
        "return sum(1 for i in " + xs + " if " + that.python("i") + ")");
  }

  private static Exercise filtered(Draw d) {
    String xs = d.numbers();
    Condition that = d.condition();
    return d.exercise(
        "items of " + xs + " " + that.attribute(),
        in -> those(in.numbers(0), that).boxed().toList(),
        "return [i for i in " + xs + " if " + that.python("i") + "]");
  }

  private static Exercise changed(Draw d) {
    String xs = d.numbers();
    Operation op = d.operation();
    long n = d.constant(2, 20);
    return d.exercise(
        "each item of " + op.words(xs, n),
        in -> in.numbers(0).stream().map(item -> op.of(item, n)).toList(),
        "return [" + op.python("i", n) + " for i in " + xs + "]");
  }

  private static Exercise filteredAndChanged(Draw d) {
    String xs = d.numbers();
    Condition that = d.limit();
    Operation op = d.operation();
    long n = d.constant(2, 20);
    return d.exercise(
        "each item of " + op.words(xs + " " + that.attribute(), n),
        in -> those(in.numbers(0), that).map(item -> op.of(item, n)).boxed().toList(),
        "return [" + op.python("i", n) + " for i in " + xs + " if " + that.python("i") + "]");
  }

  private static Exercise itemAt(Draw d) {
    String xs = d.numbers();
    int position = d.one(List.of(0, -1));
    Operation op = d.operation();
    long n = d.constant();
    return d.exercise(
        op.words((position == 0 ? "first" : "last") + " item of " + xs, n),
        in -> {
          List<Long> items = in.numbers(0);
          return op.of(items.get(Math.floorMod(position, items.size())), n);
        },
        "return " + op.python(xs + "[" + position + "]", n));
  }

  private static Exercise firstOrLastItems(Draw d) {
    String xs = d.numbers();
    boolean first = d.coin();
    long n = d.factor();
    return d.exercise(
        (first ? "first " : "last ") + n + " items of " + xs,
        in -> {
          List<Long> items = in.numbers(0);
          int kept = (int) Math.min(n, items.size());
          return first ? items.subList(0, kept) : items.subList(items.size() - kept, items.size());
        },
        "return " + xs + (first ? "[:" + n + "]" : "[-" + n + ":]"));
  }

  private static Exercise reversed(Draw d) {
    String xs = d.numbers();
    long n = d.constant();
    return d.exercise(
        "items of " + xs + " in reverse order followed by " + n,
        in -> {
          List<Long> items = new ArrayList<>(in.numbers(0));
          Collections.reverse(items);
          items.add(n);
          return items;
        },
        "return " + xs + "[::-1] + [" + n + "]");
  }

  private static Exercise sortedItems(Draw d) {
    String xs = d.numbers();
    String ys = d.numbers();
    boolean both = d.coin();
    return d.exercise(
        "items of "
            + xs
            + (both ? " and " + ys : "")
            + " in ascending order"
            + (both ? "" : " followed by " + ys),
        in -> {
          List<Long> items = new ArrayList<>(in.numbers(0));
          if (both) {
            items.addAll(in.numbers(1));
          }
          Collections.sort(items);
          if (!both) {
            items.addAll(in.numbers(1));
          }
          return items;
        },
        "return sorted(" + xs + (both ? " + " + ys + ")" : ") + " + ys));
  }

  private static Exercise extremeItem(Draw d) {
    String xs = d.numbers();
    boolean largest = d.coin();
    Operation op = d.operation();
    long n = d.constant();
    return d.exercise(
        op.words((largest ? "largest" : "smallest") + " item of " + xs, n),
        in -> op.of(largest ? Collections.max(in.numbers(0)) : Collections.min(in.numbers(0)), n),
        "return " + op.python((largest ? "max(" : "min(") + xs + ")", n));
  }

  private static Exercise filteredExtreme(Draw d) {
    String xs = d.numbers();
    boolean largest = d.coin();
    Condition that = d.condition();
    return d.exercise(
        (largest ? "largest" : "smallest") + " item of " + xs + " " + that.attribute(),
        in -> {
          LongStream kept = those(in.numbers(0), that);
          OptionalLong extreme = largest ? kept.max() : kept.min();
          return extreme.isPresent() ? extreme.getAsLong() : null;
        },
        "return "
            + (largest ? "max(" : "min(")
            + "i for i in "
            + xs
            + " if "
            + that.python("i")
            + ")");
  }

  private static Exercise contains(Draw d) {
    String a = d.number();
    String xs = d.numbers();
    Operation op = d.sumOrDifference();
    long n = d.constant(1, 9);
    return d.exercise(
        "whether " + op.words(a, n) + " is in " + xs,
        in -> in.numbers(1).contains(op.of(in.number(0), n)),
        "return " + op.python(a, n) + " in " + xs);
  }

  private static Exercise anyHasProperty(Draw d) {
    String xs = d.numbers();
    Condition is = d.condition();
    return d.exercise(
        "whether any item of " + xs + " is " + is.adjective(),
        in -> those(in.numbers(0), is).count() > 0,
        "return any(" + is.python("i") + " for i in " + xs + ")");
  }

  private static Exercise allHaveProperty(Draw d) {
    String xs = d.numbers();
    Condition is = d.condition();
    return d.exercise(
        "whether each item of " + xs + " is " + is.adjective(),
        in -> those(in.numbers(0), is).count() == in.numbers(0).size(),
        "return all(" + is.python("i") + " for i in " + xs + ")");
  }

  private static Exercise pairwise(Draw d) {
    String xs = d.numbers();
    String ys = d.numbers();
    Operation op = d.operation();
    return d.exercise(
        op.plural() + " of items of " + xs + " and " + ys,
        in -> {
          List<Long> results = new ArrayList<>();
          for (int i = 0; i < Math.min(in.numbers(0).size(), in.numbers(1).size()); i++) {
            results.add(op.of(in.numbers(0).get(i), in.numbers(1).get(i)));
          }
          return results;
        },
        "return [" + op.python("i", "j") + " for i, j in zip(" + xs + ", " + ys + ")]");
  }

  private static Exercise differentItems(Draw d) {
    String xs = d.numbers();
    Operation op = d.operation();
    long n = d.constant();
    return d.exercise(
        op.words("count of different items of " + xs, n),
        in -> op.of(new HashSet<>(in.numbers(0)).size(), n),
        "return " + op.python("len(set(" + xs + "))", n));
  }
}
