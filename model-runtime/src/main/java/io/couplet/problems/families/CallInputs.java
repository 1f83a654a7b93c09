package io.couplet.problems.families;

import io.couplet.random.RandomStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Draws arguments for calls of one exercise. They crowd where answers change: on the constants of
 * the description and beside them, on sums and products of these with other arguments, on members
 * of the lists, with the letters that the description names.
 */
final class CallInputs {
  private static final int LOWEST = -9;
  private static final int HIGHEST = 29;
  private static final String LETTERS = "abcdehlmnoprstu";
  private static final List<String> KEYS =
      List.of("ant", "bee", "cat", "dog", "elk", "fox", "hen", "owl");

  private final Exercise exercise;
  private final RandomStream random;
  private final boolean hasTable;

  CallInputs(Exercise exercise, RandomStream random) {
    this.exercise = exercise;
    this.random = random;
    hasTable = exercise.parameters().stream().anyMatch(p -> p.kind() == Kind.TABLE);
  }

  /**
   * Arguments of one call.
   *
   * @param attempt from 0; the first attempts visit every landmark and both its neighbours
   */
  Arguments draw(int attempt) {
    List<Object> values = new ArrayList<>();
    for (Parameter parameter : exercise.parameters()) {
      values.add(
          switch (parameter.kind()) {
            case NUMBER -> number();
            case NUMBERS -> numbers();
            case TEXT -> hasTable ? one(KEYS) : text(4 + random.nextInt(6));
            case WORDS -> words();
            case TABLE -> table();
          });
    }
    relateNumbers(values, attempt);
    return new Arguments(values);
  }

  /** Moves the first number onto a landmark, or to where it meets the other arguments. */
  private void relateNumbers(List<Object> values, int attempt) {
    List<Long> landmarks = exercise.landmarks();
    int first = position(Kind.NUMBER, 0);
    if (first < 0) {
      return;
    }
    if (attempt < 3 * landmarks.size()) {
      values.set(first, landmarks.get(attempt / 3) + (attempt % 3 == 2 ? -1 : attempt % 3));
    } else if (random.nextInt(3) == 0) {
      int second = position(Kind.NUMBER, first + 1);
      int list = position(Kind.NUMBERS, 0);
      if (second >= 0) {
        values.set(first, met((Long) values.get(second)));
      } else if (list >= 0) {
        values.set(first, met((Long) one((List<?>) values.get(list))));
      }
    }
  }

  private int position(Kind kind, int from) {
    for (int i = from; i < exercise.parameters().size(); i++) {
      if (exercise.parameters().get(i).kind() == kind) {
        return i;
      }
    }
    return -1;
  }

  /** A simple function of another number and a landmark, at which comparisons turn. */
  private long met(long other) {
    long landmark = exercise.landmarks().isEmpty() ? 0 : one(exercise.landmarks());
    return switch (random.nextInt(4)) {
      case 0 -> other + landmark;
      case 1 -> other - landmark;
      case 2 -> landmark - other;
      default -> other * landmark;
    };
  }

  private long number() {
    int way = random.nextInt(10);
    if (way < 4 && !exercise.landmarks().isEmpty()) {
      return one(exercise.landmarks()) + random.nextInt(3) - 1;
    }
    return way == 9 ? 0 : between(LOWEST, HIGHEST);
  }

  private long between(long low, long high) {
    return low + random.nextInt((int) (high - low + 1));
  }

  /** Three to seven numbers, sometimes all low, all high, all multiples or all odd. */
  private List<Long> numbers() {
    long pivot = exercise.landmarks().isEmpty() ? 10 : one(exercise.landmarks());
    int way = random.nextInt(8);
    List<Long> items = new ArrayList<>();
    int length = 3 + random.nextInt(5);
    while (items.size() < length) {
      items.add(
          switch (way) {
            case 0 -> between(LOWEST, pivot);
            case 1 -> between(pivot, pivot + HIGHEST);
            case 2 -> pivot * between(-3, 9);
            case 3 -> 2 * between(LOWEST, HIGHEST / 2);
            case 4 -> 2 * between(LOWEST / 2, HIGHEST / 2) + 1;
            default -> items.size() > 1 && random.nextInt(5) == 0 ? one(items) : number();
          });
    }
    return List.copyOf(items);
  }

  private String text(int length) {
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      String letter =
          !exercise.letters().isEmpty() && random.nextInt(3) == 0
              ? one(exercise.letters())
              : String.valueOf(LETTERS.charAt(random.nextInt(LETTERS.length())));
      text.append(random.nextInt(5) == 0 ? letter.toUpperCase(Locale.ROOT) : letter);
    }
    return text.toString();
  }

  private List<String> words() {
    List<String> words = new ArrayList<>();
    int length = 3 + random.nextInt(4);
    while (words.size() < length) {
      words.add(text(1 + random.nextInt(7)));
    }
    return List.copyOf(words);
  }

  private Map<String, Long> table() {
    Map<String, Long> table = new LinkedHashMap<>();
    List<Long> values = numbers();
    int size = 2 + random.nextInt(4);
    while (table.size() < size) {
      table.put(one(KEYS), values.get(table.size() % values.size()));
    }
    return table;
  }

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
