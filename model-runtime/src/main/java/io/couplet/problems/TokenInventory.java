package io.couplet.problems;

import io.couplet.problems.families.Kind;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The tokens of the small tokenizer, in the order of their ids: special tokens, every printable
 * ASCII character, line break and tab, whole numbers, parameter names, and the phrases of generated
 * prompts and solutions. Phrases keep sequences short; names and numbers stand alone, without
 * spaces, so that the same name is the same token wherever it occurs.
 */
final class TokenInventory {
  static final String PAD = "<|pad|>";
  static final String END_OF_TEXT = "<|endoftext|>";
  static final String TURN_START = "<|im_start|>";
  static final String TURN_END = "<|im_end|>";
  static final String MASK = "<|mask|>";
  static final String UNKNOWN = "<|unk|>";

  /** Ids from 0 on. */
  static final List<String> SPECIAL =
      List.of(PAD, END_OF_TEXT, TURN_START, TURN_END, MASK, UNKNOWN);

  private static final int LARGEST_NUMBER = 20;

  private static final List<String> SIGNATURE =
      List.of("def f(", ", ", "):\n    \"\"\"", "\"\"\"\n");

  private static final List<String> OPENINGS =
      phrases(
          "",
          " ",
          """
          sum of|difference of|product of|count of|items of|item of|of|square of|squares of|
          distance of|remainder of|length of|value of|values of|keys of|words of|letters of|
          larger of|smaller of|largest|smallest|first|last|each|the|loop for|whether|any|different|
          numbers from|running|sums of|differences of|products of|table from|each word of|at|most|least|
          copies of
          """);

  private static final List<String> CONNECTIVES =
      phrases(
          " ",
          " ",
          """
          plus|minus|times|above|below|divisible by|equals|between|and|or|by|to the power|
          divided by|but at|if|else|followed by|to|from|with|at|replaced by|with value|in|
          letters of
          """);

  private static final List<String> ENDINGS =
      phrases(
          " ",
          "",
          """
          is|that are|even|odd|rounded down|in reverse order|in ascending order|in upper case|
          in lower case|starts|ends|with length|with values|with each value
          """);

  private static final List<String> QUOTED =
      List.of("' between", "yes", "no", "big", "small", "hit", "miss");

  private static final List<String> STATEMENTS =
      List.of(
          "    return ",
          "        return ",
          "            return ",
          "    if ",
          "        if ",
          "    for i in ",
          ":\n",
          "    total = ",
          "    result = []\n",
          "        total",
          "            total",
          "        result.append(",
          "            result.append(",
          "total",
          "result",
          " += ",
          " *= ");

  private static final List<String> EXPRESSIONS =
      List.of(
          " + ",
          " - ",
          " * ",
          " // ",
          " % ",
          " ** ",
          " == ",
          " > ",
          " < ",
          " <= ",
          ": ",
          "abs(",
          "max(",
          "min(",
          "sum(",
          "len(",
          "set(",
          "sorted(",
          "any(",
          "all(",
          "zip(",
          "dict(",
          "range(",
          ".upper()",
          ".lower()",
          ".count('",
          ".startswith('",
          ".endswith('",
          ".replace('",
          "', '",
          "')",
          ".join(",
          ".get(",
          ".items()",
          ".values()",
          "[:",
          ":]",
          "[-",
          "[::-1]",
          "{**",
          " for i in ",
          " for w in ",
          " for v in ",
          " for k, v in ",
          " for i, j in ",
          "k, v");

  private TokenInventory() {}

  static List<String> all() {
    Set<String> tokens = new LinkedHashSet<>(SPECIAL);
    for (char c = ' '; c <= '~'; c++) {
      tokens.add(String.valueOf(c));
    }
    tokens.add("\n");
    tokens.add("\t");
    for (int number = 10; number <= LARGEST_NUMBER; number++) {
      tokens.add(Integer.toString(number));
    }
    for (Kind kind : Kind.values()) {
      tokens.addAll(kind.names());
    }
    for (List<String> group :
        List.of(SIGNATURE, OPENINGS, CONNECTIVES, ENDINGS, QUOTED, STATEMENTS, EXPRESSIONS)) {
      tokens.addAll(group);
    }
    return List.copyOf(tokens);
  }

  private static List<String> phrases(String before, String after, String text) {
    return Arrays.stream(text.split("\\|")).map(phrase -> before + phrase.strip() + after).toList();
  }
}
