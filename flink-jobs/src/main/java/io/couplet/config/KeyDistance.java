package io.couplet.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How far what somebody wrote is from a key: 0 for the same letters, at most 1 for one that may be
 * meant, infinite for one that is not near. People misspell keys (edit distance relative to the
 * length), leave words out ({@code grad_norm}), cut them off ({@code temp}) and write the first
 * letters of the words ({@code lr}).
 */
final class KeyDistance {
  private static final double FAR = Double.POSITIVE_INFINITY;

  /** Share of its letters that a word may have wrong. */
  private static final int ONE_IN = 3;

  /** Fewer letters are the beginning of too much. */
  private static final int SHORTEST = 3;

  private static final double BEGINNING = 0.28;
  private static final double WHOLE_WORDS = 0.3;
  private static final double INITIALS = 0.35;
  private static final double CUT_OFF = 0.4;
  private static final double INITIALS_MISSPELT = 0.6;

  private KeyDistance() {}

  static double between(String written, String key) {
    List<String> asked = words(written);
    List<String> known = words(key);
    String a = String.join("", asked);
    String b = String.join("", known);
    return Math.min(
        Math.min(misspelt(a, b), Math.min(part(asked, known), part(known, asked))),
        Math.min(initials(a, known), cutOff(a, b, known)));
  }

  private static List<String> words(String key) {
    String snake = key.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    return Arrays.stream(snake.split("[^a-z0-9]+")).filter(word -> !word.isEmpty()).toList();
  }

  private static double misspelt(String a, String b) {
    if (a.equals(b)) {
      return 0;
    }
    int edits = edits(a, b);
    return edits <= a.length() / ONE_IN && edits <= b.length() / ONE_IN
        ? (double) edits / Math.max(a.length(), b.length())
        : FAR;
  }

  /** The words of one stand in the other, side by side. */
  private static double part(List<String> few, List<String> many) {
    boolean inside = !few.isEmpty() && java.util.Collections.indexOfSubList(many, few) >= 0;
    return inside && String.join("", few).length() > 1 ? WHOLE_WORDS : FAR;
  }

  private static double initials(String written, List<String> known) {
    if (known.size() < 2 || written.isEmpty()) {
      return FAR;
    }
    String initials =
        known.stream().map(word -> word.substring(0, 1)).collect(Collectors.joining());
    if (written.equals(initials)) {
      return INITIALS;
    }
    return written.length() >= SHORTEST
            && written.charAt(0) == initials.charAt(0)
            && edits(written, initials) == 1
        ? INITIALS_MISSPELT
        : FAR;
  }

  /** The beginning of the key or of one of its words. */
  private static double cutOff(String written, String letters, List<String> known) {
    if (written.length() < SHORTEST) {
      return FAR;
    }
    if (letters.startsWith(written)) {
      return BEGINNING;
    }
    return known.stream().anyMatch(word -> word.startsWith(written)) ? CUT_OFF : FAR;
  }

  /** Insertions, deletions, substitutions and swaps of neighbours that turn one into the other. */
  private static int edits(String a, String b) {
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        edits[i][j] = i == 0 || j == 0 ? i + j : fewest(edits, a, b, i, j);
      }
    }
    return edits[a.length()][b.length()];
  }

  private static int fewest(int[][] edits, String a, String b, int i, int j) {
    boolean same = a.charAt(i - 1) == b.charAt(j - 1);
    int fewest =
        Math.min(
            edits[i - 1][j - 1] + (same ? 0 : 1), 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(fewest, edits[i - 2][j - 2] + 1) : fewest;
  }
}
