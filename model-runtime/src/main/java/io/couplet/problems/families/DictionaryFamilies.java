package io.couplet.problems.families;

import static io.couplet.problems.families.Family.heldOut;
import static io.couplet.problems.families.Family.training;
import static io.couplet.problems.families.Topic.DICTIONARIES;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Dictionaries from words to numbers. */
final class DictionaryFamilies {
  private DictionaryFamilies() {}

  static List<Family> all() {
    return List.of(
        training(DICTIONARIES, "lookup", DictionaryFamilies::lookup),
        training(DICTIONARIES, "keys_by_value", DictionaryFamilies::keysByValue),
        training(DICTIONARIES, "filtered_values_sum", DictionaryFamilies::filteredValuesSum),
        heldOut(DICTIONARIES, "filtered_values_count", DictionaryFamilies::filteredValuesCount),
        training(DICTIONARIES, "changed_values", DictionaryFamilies::changedValues),
        training(DICTIONARIES, "zipped", DictionaryFamilies::zipped),
        training(DICTIONARIES, "with_entry", DictionaryFamilies::withEntry),
        training(DICTIONARIES, "has_key", DictionaryFamilies::hasKey));
  }

  private static LongStream values(Map<String, Long> table, Condition that) {
    return table.values().stream().mapToLong(Long::longValue).filter(that::holds);
  }

  private static Exercise lookup(Draw d) {
    String table = d.table();
    String s = d.text();
    long n = d.constant();
    return d.exercise(
        "value of " + s + " in " + table + " else " + n,
        in -> in.table(0).containsKey(in.text(1)) ? in.table(0).get(in.text(1)) : Long.valueOf(n),
        "return " + table + ".get(" + s + ", " + n + ")");
  }

  private static Exercise keysByValue(Draw d) {
    String table = d.table();
    Condition that = d.condition();
    return d.exercise(
        "keys of " + table + " with values " + that.attribute(),
        in ->
            in.table(0).entrySet().stream()
                .filter(entry -> that.holds(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList(),
        "return [k for k, v in " + table + ".items() if " + that.python("v") + "]");
  }

  private static Exercise filteredValuesSum(Draw d) {
    String table = d.table();
    Condition that = d.condition();
    return d.exercise(
        "sum of values of " + table + " " + that.attribute(),
        in -> values(in.table(0), that).sum(),
        "return sum(v for v in " + table + ".values() if " + that.python("v") + ")");
  }

  private static Exercise filteredValuesCount(Draw d) {
    String table = d.table();
    Condition that = d.condition();
    return d.exercise(
        "count of values of " + table + " " + that.attribute(),
        in -> values(in.table(0), that).count(),
        "return sum(1 for v in " + table + ".values() if " + that.python("v") + ")");
  }

  private static Exercise changedValues(Draw d) {
    String table = d.table();
    Operation op = d.operation();
    long n = d.constant(2, 20);
    return d.exercise(
        table + " with each value " + op.words("", n).strip(),
        in -> {
          Map<String, Long> changed = new LinkedHashMap<>();
          in.table(0).forEach((key, value) -> changed.put(key, op.of(value, n)));
          return changed;
        },
        "return {k: " + op.python("v", n) + " for k, v in " + table + ".items()}");
  }

  private static Exercise zipped(Draw d) {
    String words = d.words();
    String xs = d.numbers();
    return d.exercise(
        "table from " + words + " to " + xs,
        in -> {
          Map<String, Long> table = new LinkedHashMap<>();
          for (int i = 0; i < Math.min(in.words(0).size(), in.numbers(1).size()); i++) {
            table.put(in.words(0).get(i), in.numbers(1).get(i));
          }
          return table;
        },
        "return dict(zip(" + words + ", " + xs + "))");
  }

  private static Exercise withEntry(Draw d) {
    String table = d.table();
    String s = d.text();
    long n = d.constant();
    return d.exercise(
        table + " with value " + n + " at " + s,
        in -> {
          Map<String, Long> changed = new LinkedHashMap<>(in.table(0));
          changed.put(in.text(1), n);
          return changed;
        },
        "return {**" + table + ", " + s + ": " + n + "}");
  }

  private static Exercise hasKey(Draw d) {
    String table = d.table();
    String s = d.text();
    String t = d.text();
    boolean both = d.coin();
    return d.exercise(
        "whether " + s + (both ? " and " : " or ") + t + " is in " + table,
        in -> {
          boolean first = in.table(0).containsKey(in.text(1));
          boolean second = in.table(0).containsKey(in.text(2));
          return both ? first && second : first || second;
        },
        "return " + s + " in " + table + (both ? " and " : " or ") + t + " in " + table);
  }
}
