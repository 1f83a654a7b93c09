package io.couplet.tokenizer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What a regular expression of a tokenizer file may look like. */
final class SplitPattern {
  private static final int MAX_LENGTH = 8192;

  private SplitPattern() {}

  /**
   * Why a pattern is refused: too long, malformed, or a repeated group that repeats inside, whose
   * matching can take exponential time. Empty when it is fine.
   */
  static Optional<String> problemOf(String regex) {
    if (regex.isEmpty() || regex.length() > MAX_LENGTH) {
      return Optional.of("a regular expression of 1 to " + MAX_LENGTH + " characters");
    }
    try {
      Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      return Optional.of("a regular expression (" + e.getDescription() + ")");
    }
    return repeatsARepetition(regex)
        ? Optional.of("a regular expression without repetition inside a repeated group")
        : Optional.empty();
  }

  private static boolean repeatsARepetition(String regex) {
    Deque<Boolean> groups = new ArrayDeque<>();
    boolean repeats = false;
    boolean inClass = false;
    for (int i = 0; i < regex.length(); i++) {
      char c = regex.charAt(i);
      if (c == '\\') {
        i++;
      } else if (inClass) {
        inClass = c != ']';
      } else if (c == '[') {
        inClass = true;
      } else if (c == '(') {
        groups.push(repeats);
        repeats = false;
      } else if (c == ')' && !groups.isEmpty()) {
        if (repeats && i + 1 < regex.length() && isRepetition(regex.charAt(i + 1))) {
          return true;
        }
        repeats |= groups.pop();
      } else if (isRepetition(c)) {
        repeats = true;
      }
    }
    return false;
  }

  private static boolean isRepetition(char c) {
    return c == '*' || c == '+' || c == '{';
  }
}
