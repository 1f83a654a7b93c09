package io.couplet.problems.families;

import io.couplet.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The choices of one exercise: names, constants and variants, all from one random stream.
 * Parameters stand in the signature in the order in which they are drawn. Not thread-safe; for one
 * exercise.
 */
final class Draw {
  private static final String INDENT = "    ";
  private static final String LETTERS = "abcdehlmnoprstu";

  private final RandomStream random;
  private final List<Parameter> parameters = new ArrayList<>();
  private final List<Long> landmarks = new ArrayList<>();
  private final List<String> letters = new ArrayList<>();

  Draw(RandomStream random) {
    this.random = random;
  }

  String number() {
    return parameter(Kind.NUMBER);
  }

  String numbers() {
    return parameter(Kind.NUMBERS);
  }

  String text() {
    return parameter(Kind.TEXT);
  }

  String words() {
    return parameter(Kind.WORDS);
  }

  String table() {
    return parameter(Kind.TABLE);
  }

  private String parameter(Kind kind) {
    String name;
    do {
      name = one(kind.names());
    } while (taken(name));
    parameters.add(new Parameter(name, kind));
    return name;
  }

  private boolean taken(String name) {
    return parameters.stream().anyMatch(parameter -> parameter.name().equals(name));
  }

  /** A whole number in [low, high] that the description names. */
  long constant(int low, int high) {
    long constant = (long) low + random.nextInt(high - low + 1);
    landmarks.add(constant);
    return constant;
  }

  /** A constant of the usual size. */
  long constant() {
    return constant(1, 20);
  }

  /** A constant that serves as factor, divisor or count. */
  long factor() {
    return constant(2, 9);
  }

  /** A letter that the description names, each time another. */
  String letter() {
    String letter;
    do {
      letter = String.valueOf(LETTERS.charAt(random.nextInt(LETTERS.length())));
    } while (letters.contains(letter));
    letters.add(letter);
    return letter;
  }

  boolean coin() {
    return random.nextBoolean();
  }

  <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  Condition condition() {
    return switch (random.nextInt(5)) {
      case 0 -> Condition.even();
      case 1 -> Condition.odd();
      case 2 -> Condition.divisibleBy(factor());
      default -> limit();
    };
  }

  /** Above or below a constant. */
  Condition limit() {
    return coin() ? Condition.above(constant()) : Condition.below(constant());
  }

  Operation operation() {
    return one(Arrays.asList(Operation.values()));
  }

  Operation sumOrDifference() {
    return coin() ? Operation.PLUS : Operation.MINUS;
  }

  /**
   * The exercise with everything drawn so far.
   *
   * @param lines of the solution, indented only relative to the function
   */
  Exercise exercise(String description, Meaning meaning, String... lines) {
    String body = Arrays.stream(lines).map(INDENT::concat).collect(Collectors.joining("\n"));
    return new Exercise(parameters, description, body, meaning, landmarks, letters);
  }
}
